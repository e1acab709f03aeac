// Subscriptions that a provider's own engine bills: brought along from elsewhere, they follow what the provider has.
// Our clock, our calls and our books leave them alone.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/db/database.h"
#include "common/events/feed.h"
#include "services/memberships/billing/external_subscription.h"
#include "services/memberships/subscriptions/subscription.h"

namespace masthead::memberships {

// What `subscription` is once it follows `external`, by its state, its period and its end alone. Nothing changes for an
// answer that is older than the one it follows already, nor once it has ended: false then.
bool Follow(Subscription& subscription, const ExternalSubscription& external, absl::Time now);

// What is announced of that; empty if nothing is that others go by.
std::string FollowedMove(const Subscription& before, const Subscription& after);

// A member's subscription from now on, at a price of ours that says what it gives. `tx` has locked the member.
// PRICE_NOT_FOUND, CURRENCY_MISMATCH, INVALID_ARGUMENT for a price that is paid once, SUBSCRIPTION_EXISTS if it was
// adopted before or the member has another live one, INVALID_TRANSITION if it is not live.
absl::StatusOr<Subscription> Adopt(db::Transaction& tx, events::Feed& feed, absl::string_view member_id,
                                   absl::string_view provider, absl::string_view price_id,
                                   const ExternalSubscription& external, absl::Time now);

// Whose it is; empty if it was never adopted.
std::string LoadOwnerOfExternal(db::Transaction& tx, absl::string_view provider, absl::string_view ref);

// Locks the subscription, moves and stores it; false if the answer says nothing new. `tx` has locked its member.
bool FollowExternal(db::Transaction& tx, events::Feed& feed, absl::string_view provider,
                    const ExternalSubscription& external, absl::Time now);

}  // namespace masthead::memberships
