// A move of a subscription, on its way into the database: the row, the log that figures are made of, what the member
// may open, and the announcement, all in the transaction that caused it.
#pragma once

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/db/database.h"
#include "common/events/feed.h"
#include "services/memberships/subscriptions/subscription.h"

namespace masthead::memberships {

class Move {
 public:
  // Remembers how `subscription`, which `tx` has locked with its member, is before the move. It must outlive this.
  Move(db::Transaction& tx, events::Feed& feed, Subscription& subscription)
      : tx_(tx), feed_(feed), subscription_(subscription), before_(subscription) {}

  const Subscription& before() const { return before_; }

  // Stores it. `type` is what is announced: `subscription.started` and its like.
  void Store(const char* type, absl::string_view reason, absl::Time now);

  // Stores it, and says nothing: nothing that others go by has changed but for how long it gives access.
  void StoreQuietly(absl::Time now);

 private:
  void StoreAccess(absl::Time now);

  db::Transaction& tx_;
  events::Feed& feed_;
  Subscription& subscription_;
  const Subscription before_;
};

}  // namespace masthead::memberships
