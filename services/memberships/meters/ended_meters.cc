#include "services/memberships/meters/ended_meters.h"

#include <cstdint>

#include "absl/status/statusor.h"
#include "common/telemetry/log.h"
#include "services/memberships/meters/meter_store.h"

namespace masthead::memberships {
namespace {

constexpr absl::Duration kInterval = absl::Minutes(10);
// Leaves the database to the readers in between: on the first of a month all meters end at once.
constexpr absl::Duration kPauseBetweenBatches = absl::Milliseconds(200);

}  // namespace

absl::Duration ForgetEndedMeters(db::Database& database, const Scope& scope) {
  const absl::StatusOr<int64_t> removed = database.Write(scope, RemoveEndedMeters);
  if (!removed.ok() && !absl::IsCancelled(removed.status())) {
    telemetry::Warning("ended meters are kept and will be tried again", {{"status", removed.status().ToString()}});
  }
  return removed.ok() && *removed > 0 ? kPauseBetweenBatches : kInterval;
}

}  // namespace masthead::memberships
