// Gives what happens in this service to the webhook endpoints that want to hear of it.
#pragma once

#include "absl/status/statusor.h"
#include "common/base/scope.h"
#include "common/db/database.h"
#include "common/events/feed.h"
#include "common/rpc/stream.h"

namespace masthead::notifications::webhooks {

// Every replica may run one; they take turns.
class WebhookFeed {
 public:
  // All outlive this; `due` rings when there is something to tell.
  WebhookFeed(db::Database& database, events::Feed& feed, rpc::Bell& due)
      : database_(database), feed_(feed), due_(due) {}

  // Whether there may be more.
  absl::StatusOr<bool> Step(const Cancellation& stopping);

 private:
  db::Database& database_;
  events::Feed& feed_;
  rpc::Bell& due_;
};

}  // namespace masthead::notifications::webhooks
