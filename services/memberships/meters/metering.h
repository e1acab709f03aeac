// Counting: what a reader's meter says to one more article. The one place where a meter moves.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "common/base/scope.h"
#include "common/db/database.h"
#include "services/memberships/meters/meter.h"
#include "services/memberships/meters/meter_store.h"
#include "services/memberships/meters/metered_reading.h"

namespace masthead::memberships {

// What the policy that decides would answer, without counting: most readings are of articles that were counted before,
// or by readers who have no view left, and none of these needs a lock. A meter that no longer opens an article does not
// open it again within the window, nor the other way round; so this holds, but for `counts`.
struct Forecast {
  DecidingPolicy deciding;
  int32_t max_views = 0;
  Viewing viewing;
};

// nullopt if no policy gives such readers anything. INTERNAL if the policy's time zone is gone from this machine.
absl::StatusOr<std::optional<Forecast>> Foresee(db::Transaction& tx, const MeteredReading& reading);

// The forecast as an answer, with nothing counted.
MeterAnswer WithoutCounting(const Forecast& forecast);

// Counts the article if that is needed: as foreseen where nobody else has counted since, else under the lock of the
// reader's meter. However many calls come at once, no more articles are allowed than the policy gives.
absl::StatusOr<MeterAnswer> Count(db::Database& database, const Scope& scope, const MeteredReading& reading,
                                  const Forecast& forecast);

// Adds what `from` has counted to the meters of `to`: the union, policy by policy.
void MergeMeters(db::Transaction& tx, const std::string& from, const std::string& to);

}  // namespace masthead::memberships
