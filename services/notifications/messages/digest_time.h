// When a digest is due.
#pragma once

#include <string>

#include "absl/time/time.h"
#include "services/notifications/following/topic.h"

namespace masthead::notifications {

// The first time after `now` at which a subscription of this cadence, which is not IMMEDIATE, gets its digest in
// `zone`: the full hour, or that minute of the day or of that day of the week. A minute that a day lacks is moved
// forward, of one that comes twice the first is taken.
absl::Time NextDigestTime(const Cadence& cadence, absl::TimeZone zone, absl::Time now);

}  // namespace masthead::notifications
