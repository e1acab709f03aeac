// What memberships tells the other services of subscriptions.
#pragma once

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/db/database.h"
#include "common/events/feed.h"
#include "services/memberships/subscriptions/subscription.h"

namespace masthead::memberships {

// `type` is `subscription.started` and its like. Counts one more event about the subscription, which `tx` has locked
// and will save.
void AnnounceSubscription(db::Transaction& tx, events::Feed& feed, const char* type, Subscription& subscription,
                          absl::string_view reason, absl::Time now);

}  // namespace masthead::memberships
