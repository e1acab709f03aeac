#include "services/notifications/choices/choices_expiry.h"

#include <algorithm>

#include "absl/time/clock.h"
#include "common/base/status_macros.h"
#include "services/notifications/preferences/preference_store.h"
#include "services/notifications/recipients/endpoint_store.h"
#include "services/notifications/suppressions/bounce_store.h"
#include "services/notifications/suppressions/suppression_store.h"

namespace masthead::notifications {

constexpr int kPerStep = 1000;
constexpr absl::Duration kPatience = absl::Seconds(10);

absl::StatusOr<bool> ChoicesExpiry::Step(const Cancellation& stopping) {
  const Scope scope = {.deadline = absl::Now() + kPatience, .cancellation = &stopping};
  ASSIGN_OR_RETURN(const int64_t most, database_.Write(scope, [](db::Transaction& tx) {
    return std::max({RemoveExpiredSuppressions(tx, kPerStep), ExpireEndpoints(tx, kPerStep),
                     RemoveOldTold(tx, kPerStep), RemoveOldSoftBounces(tx, kPerStep)});
  }));
  return most >= kPerStep;
}

}  // namespace masthead::notifications
