#include "services/notifications/routes/warm_up.h"

#include <algorithm>
#include <cmath>

namespace masthead::notifications {

int64_t WarmUpLimit(const WarmUp& warm_up, int day) {
  if (day >= warm_up.days) return -1;
  if (warm_up.days == 1) return warm_up.start;
  const double part = static_cast<double>(std::max(day, 0)) / (warm_up.days - 1);
  const double growth = static_cast<double>(warm_up.end) / static_cast<double>(warm_up.start);
  return std::llround(static_cast<double>(warm_up.start) * std::pow(growth, part));
}

}  // namespace masthead::notifications
