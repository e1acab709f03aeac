#include "services/memberships/billing/proration.h"

#include <algorithm>

#include "services/memberships/billing/amounts.h"

namespace masthead::memberships {

Proration Prorate(int64_t old_price, int64_t new_price, absl::Time start, absl::Time end, absl::Time time) {
  const int64_t total = absl::ToInt64Seconds(end - start);
  const int64_t rest = absl::ToInt64Seconds(end - std::clamp(time, start, end));
  return {.credit = Scale(old_price, rest, total), .charge = Scale(new_price, rest, total)};
}

}  // namespace masthead::memberships
