// Times as a desk states them: on the wall clocks of its zone.
#pragma once

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/base/errors.h"
#include "services/articles/article/article.h"

namespace masthead::articles {

// The zone of that IANA name. TIME_ZONE_UNKNOWN, also for what only names a file.
absl::StatusOr<absl::TimeZone> FindTimeZone(const std::string& name);

// The schedule for an instant.
Schedule ScheduleAt(absl::Time publish_time, const std::string& time_zone, const absl::TimeZone& zone);

// The schedule for `local` (`YYYY-MM-DDTHH:MM` or with `:SS`) in that zone. A time that comes twice means the earlier;
// for one that never comes LOCAL_TIME_SKIPPED. INVALID_FIELD for what is no such time.
absl::StatusOr<Schedule> ScheduleAtLocal(absl::string_view local, const std::string& time_zone,
                                         const absl::TimeZone& zone);

}  // namespace masthead::articles
