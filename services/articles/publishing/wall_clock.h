// Times as a desk states them: on the wall clocks of its zone.
#pragma once

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace masthead::articles {

// An instant, and how the zone's wall clocks show it.
struct WallClockTime {
  absl::Time time;
  std::string local;     // YYYY-MM-DDTHH:MM:SS
  bool repeats = false;  // Clocks are set back over it: this is the earlier of two.
};

// The zone of that IANA name. TIME_ZONE_UNKNOWN, also for what only names a file.
absl::StatusOr<absl::TimeZone> FindTimeZone(const std::string& name);

WallClockTime AtInstant(absl::Time time, const absl::TimeZone& zone);

// `local` (`YYYY-MM-DDTHH:MM` or with `:SS`) of the request's `field` in that zone. A time that comes twice means the
// earlier; for one that never comes LOCAL_TIME_SKIPPED. INVALID_FIELD for what is no such time.
absl::StatusOr<WallClockTime> AtLocalTime(absl::string_view field, absl::string_view local, const absl::TimeZone& zone);

}  // namespace masthead::articles
