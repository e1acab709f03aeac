#include "services/notifications/sending/oldest_waiting.h"

#include <vector>

#include "absl/time/clock.h"
#include "common/base/status_macros.h"
#include "common/telemetry/metrics.h"
#include "services/notifications/sending/waiting_store.h"

namespace masthead::notifications {

constexpr absl::Duration kPatience = absl::Seconds(5);

absl::StatusOr<bool> OldestWaiting::Step(const Cancellation& stopping) {
  const Scope scope = {.deadline = absl::Now() + kPatience, .cancellation = &stopping};
  ASSIGN_OR_RETURN(const std::vector<LaneAge> lanes, database_.Read(scope, LoadOldestWaiting));
  for (const LaneAge& waiting : lanes) {
    telemetry::Gauge("masthead_delivery_oldest_waiting_seconds",
                     "Age of the oldest message that somebody has yet to be told for the first time.",
                     {{"lane", waiting.lane}})
        .Set(absl::ToDoubleSeconds(waiting.age));
  }
  return false;
}

}  // namespace masthead::notifications
