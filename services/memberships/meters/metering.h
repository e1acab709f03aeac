// Counting: what a reader's meter says to one more article. The one place where a meter moves.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/base/scope.h"
#include "common/db/database.h"
#include "services/memberships/meters/meter_policy.h"
#include "services/memberships/meters/metered_reading.h"
#include "services/memberships/meters/view_counter.h"

namespace masthead::memberships {

// What the meter answers to the reading by `policy`, which gives such readers something. Both fail with INTERNAL if the
// policy's time zone is gone from this machine.

// With nothing counted.
absl::StatusOr<MeterAnswer> AskMeter(db::Transaction& tx, const MeterPolicy& policy, const MeteredReading& reading);

// Counts the article if that is needed: by `counter` where the meter is in the window of `about_now` and nobody else
// counts in it at the same time, else under the meter's lock. However many calls come at once, no more articles are
// allowed than the policy gives.
absl::StatusOr<MeterAnswer> CountReading(db::Database& database, ViewCounter& counter, const Scope& scope,
                                         const MeterPolicy& policy, const MeteredReading& reading,
                                         absl::Time about_now);

// Adds what `from` has counted to the meters of `to`: the union, policy by policy.
void MergeMeters(db::Transaction& tx, const std::string& from, const std::string& to);

}  // namespace masthead::memberships
