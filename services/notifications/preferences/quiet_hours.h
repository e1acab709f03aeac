// Quiet hours: when a recipient wants not to be told, in the wall time of where the recipient lives.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "absl/time/time.h"

namespace masthead::notifications {

// A set of days of the week, one bit each: Monday is 1, Sunday 64.
using Weekdays = uint8_t;
inline constexpr Weekdays kEveryDay = 127;

// From `start_minute` of each of `days` up to, and without, the next `end_minute`; minutes of the local day, 0 to 1439.
// What begins at 22:00 and ends at 07:00 ends on the day after. Where both are the same there is no window.
struct QuietWindow {
  Weekdays days = kEveryDay;
  int start_minute = 0;
  int end_minute = 0;

  bool operator==(const QuietWindow&) const = default;
};

// When somebody in `zone` may be told what is there `now`: nullopt for at once, else the end of the window, and of
// those that follow without a gap. A wall time that a clock change skips counts as much later as the clock jumped; of
// one that comes twice the first counts. Where the windows leave no gap at all, a time more than a week ahead.
std::optional<absl::Time> ReleaseTime(absl::Time now, absl::TimeZone zone, const std::vector<QuietWindow>& windows);

}  // namespace masthead::notifications
