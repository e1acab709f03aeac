// Subscriptions in Postgres, and the log of their moves.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/db/database.h"
#include "services/memberships/subscriptions/subscription.h"

namespace masthead::memberships {

// Where a page of subscriptions starts: after this one.
struct SubscriptionCursor {
  absl::Time create_time;
  std::string id;
};

void InsertSubscription(db::Transaction& tx, const Subscription& subscription);

// Stores all that can change, and raises the revision. `tx` has locked it.
void SaveSubscription(db::Transaction& tx, Subscription& subscription, absl::Time now);

std::optional<Subscription> LoadSubscription(db::Transaction& tx, absl::string_view id);

// As LoadSubscription, and nobody else can write it until `tx` ends. `tx` has locked the member.
std::optional<Subscription> LockSubscription(db::Transaction& tx, absl::string_view id);

// The one that the provider's own engine bills under its name for it.
std::optional<Subscription> LoadExternalSubscription(db::Transaction& tx, absl::string_view provider,
                                                     absl::string_view external_ref);
std::optional<Subscription> LockExternalSubscription(db::Transaction& tx, absl::string_view provider,
                                                     absl::string_view external_ref);

// The member's live one of the group, if there is one.
std::optional<std::string> LoadLiveSubscriptionId(db::Transaction& tx, absl::string_view member_id,
                                                  absl::string_view product_group);

// The newest first.
std::vector<Subscription> LoadSubscriptions(db::Transaction& tx, absl::string_view member_id,
                                            const std::optional<SubscriptionCursor>& before, int limit);

// Live ones that are charged to the method.
std::vector<Subscription> LockSubscriptionsByMethod(db::Transaction& tx, absl::string_view provider,
                                                    absl::string_view payment_method);

// Of some members those that time alone has to move, locked with their members until `tx` ends; members on whom
// somebody else works are passed over. By ID.
std::vector<Subscription> LockDueSubscriptions(db::Transaction& tx, int limit);

// A move, in the log that figures are made of.
struct SubscriptionChange {
  std::string event;  // As announced, after `subscription.`.
  Subscription::State state_before = Subscription::State::kIncomplete;
  int64_t annual_before = 0;
  std::string reason;
};
void AppendChange(db::Transaction& tx, const Subscription& after, const SubscriptionChange& change, absl::Time now);

}  // namespace masthead::memberships
