#include "services/notifications/preferences/quiet_hours.h"

#include <algorithm>

namespace masthead::notifications {
namespace {

constexpr absl::Duration kLongestSilence = absl::Hours(8 * 24);

absl::Time AtMinute(absl::CivilDay day, int minute, absl::TimeZone zone) {
  // `pre` reads a skipped wall time with the offset before the change, and of two occurrences is the first.
  return zone.At(absl::CivilMinute(day) + minute).pre;
}

bool Contains(Weekdays days, absl::CivilDay day) {
  return (days & 1 << static_cast<int>(absl::GetWeekday(day))) != 0;  // absl counts from Monday, which is 0.
}

// The end of the window that `time` is in; nullopt if it is in none.
std::optional<absl::Time> EndOfWindow(absl::Time time, absl::TimeZone zone, const std::vector<QuietWindow>& windows) {
  const absl::CivilDay today = absl::ToCivilDay(time, zone);
  std::optional<absl::Time> end;
  for (const QuietWindow& window : windows) {
    if (window.start_minute == window.end_minute) continue;
    for (const absl::CivilDay day : {today - 1, today}) {
      if (!Contains(window.days, day)) continue;
      const absl::CivilDay last = window.end_minute < window.start_minute ? day + 1 : day;
      const absl::Time until = AtMinute(last, window.end_minute, zone);
      if (AtMinute(day, window.start_minute, zone) <= time && time < until) end = std::max(end.value_or(until), until);
    }
  }
  return end;
}

}  // namespace

std::optional<absl::Time> ReleaseTime(absl::Time now, absl::TimeZone zone, const std::vector<QuietWindow>& windows) {
  std::optional<absl::Time> release;
  while (release.value_or(now) < now + kLongestSilence) {
    const std::optional<absl::Time> end = EndOfWindow(release.value_or(now), zone, windows);
    if (!end) break;
    release = end;
  }
  return release;
}

}  // namespace masthead::notifications
