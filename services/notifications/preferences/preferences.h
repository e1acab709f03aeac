// What a recipient chose about all topics: the domain.
#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "services/notifications/preferences/caps.h"
#include "services/notifications/preferences/quiet_hours.h"

namespace masthead::notifications {

inline constexpr absl::Duration kMaxCapWindow = absl::Hours(31 * 24);

struct Preferences {
  std::string time_zone;                   // The recipient's, not stored with these; may be empty.
  std::set<std::string> muted_categories;  // Of topics.
  std::vector<QuietWindow> quiet_hours;
  bool quiet_breaking = false;  // Whether breaking news keeps quiet hours too.
  std::vector<Cap> caps;
  std::string tracking = "AGGREGATE";
  int64_t revision = 0;  // 0: nothing was ever chosen.
  absl::Time update_time;

  bool Mutes(absl::string_view category) const { return muted_categories.contains(std::string(category)); }
};

// The zone of that name; UTC if it is empty, or has gone from the database of zones.
absl::TimeZone ZoneOf(absl::string_view time_zone);

// The quiet hours that a message keeps: none for transactional letters, and for breaking news only where that was
// chosen. `lane` as in the API.
std::vector<QuietWindow> QuietHoursOf(const Preferences& preferences, absl::string_view lane);

}  // namespace masthead::notifications
