// The billing clock: what time alone does to subscriptions. We own it; a payment provider only moves money. The rows
// are the jobs: a subscription that is due is moved, billed and set to its next time in one transaction, so that it
// happens once whoever does it and wherever he stops. Every replica runs this.
#pragma once

#include "absl/status/statusor.h"
#include "common/base/scope.h"
#include "common/db/database.h"
#include "common/events/feed.h"

namespace masthead::memberships {

// Moves some subscriptions that are due, of at most `limit` of those that are most overdue, each as far as it is due:
// trials end, periods begin and are billed, what is owed is asked for again or given up, pauses and cancelled
// subscriptions end. After an outage every period that began is billed, each once; only the last is charged, the others
// stay OPEN for somebody to look at. Returns how many it moved; 0: nothing is due, or others are at it.
absl::StatusOr<int> RunDueSubscriptions(db::Database& database, events::Feed& feed, const Scope& scope, int limit);

}  // namespace masthead::memberships
