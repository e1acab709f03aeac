// Checkouts whose time has come.
#pragma once

#include "absl/status/statusor.h"
#include "common/base/scope.h"
#include "common/db/database.h"
#include "common/events/feed.h"

namespace masthead::memberships {

// Closes up to 100 of those that nobody paid in time, and subscriptions that never began with them; how many. What is
// on its way is waited for, 14 days at most. Any number of workers may do so at once.
absl::StatusOr<int> ExpireDueCheckouts(db::Database& database, events::Feed& feed, const Scope& scope);

}  // namespace masthead::memberships
