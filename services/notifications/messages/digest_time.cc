#include "services/notifications/messages/digest_time.h"

#include "absl/time/civil_time.h"

namespace masthead::notifications {
namespace {

constexpr int kDaysOfAWeek = 7;

// Monday is 1.
int DayOfWeek(absl::CivilDay day) { return static_cast<int>(absl::GetWeekday(day)) + 1; }

}  // namespace

absl::Time NextDigestTime(const Cadence& cadence, absl::TimeZone zone, absl::Time now) {
  if (cadence.kind == "HOURLY")
    return absl::FromCivil(absl::ToCivilHour(now, absl::UTCTimeZone()) + 1, absl::UTCTimeZone());
  const absl::CivilDay today = absl::ToCivilDay(now, zone);
  for (int days = 0;; ++days) {
    const absl::CivilDay day = today + days;
    if (cadence.kind == "WEEKLY" && DayOfWeek(day) != cadence.day) continue;
    const absl::Time time = absl::FromCivil(absl::CivilMinute(day) + cadence.minute, zone);
    if (time > now || days > kDaysOfAWeek) return time;
  }
}

}  // namespace masthead::notifications
