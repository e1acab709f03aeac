#include "services/notifications/preferences/preferences.h"

namespace masthead::notifications {

absl::TimeZone ZoneOf(absl::string_view time_zone) {
  absl::TimeZone zone = absl::UTCTimeZone();
  if (!time_zone.empty()) absl::LoadTimeZone(time_zone, &zone);
  return zone;
}

std::vector<QuietWindow> QuietHoursOf(const Preferences& preferences, absl::string_view lane) {
  if (lane == "CRITICAL" || (lane == "BREAKING" && !preferences.quiet_breaking)) return {};
  return preferences.quiet_hours;
}

}  // namespace masthead::notifications
