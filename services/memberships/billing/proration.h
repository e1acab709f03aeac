// What a change of price within a period costs.
#pragma once

#include <cstdint>

#include "absl/time/time.h"

namespace masthead::memberships {

// In minor units. The lines are rounded, not their difference.
struct Proration {
  int64_t credit = 0;  // For the rest of the period at the old price.
  int64_t charge = 0;  // For the rest of the period at the new price.

  int64_t net() const { return charge - credit; }
};

// To the second. A `time` outside the period counts as its start or its end, which is later than its start.
Proration Prorate(int64_t old_price, int64_t new_price, absl::Time start, absl::Time end, absl::Time time);

}  // namespace masthead::memberships
