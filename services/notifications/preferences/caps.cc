#include "services/notifications/preferences/caps.h"

#include <algorithm>

namespace masthead::notifications {

bool CapReached(absl::Time now, absl::string_view category, const std::vector<Cap>& caps,
                const std::vector<Told>& told) {
  return std::any_of(caps.begin(), caps.end(), [&](const Cap& cap) {
    if (!cap.category.empty() && cap.category != category) return false;
    return std::count_if(told.begin(), told.end(), [&](const Told& one) {
             return (cap.category.empty() || one.category == cap.category) && now - one.time < cap.window;
           }) >= cap.limit;
  });
}

absl::Duration LongestWindow(const std::vector<Cap>& caps) {
  absl::Duration longest;
  for (const Cap& cap : caps) longest = std::max(longest, cap.window);
  return longest;
}

}  // namespace masthead::notifications
