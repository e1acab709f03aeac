// When a subscription's periods begin and end.
//
// A boundary is computed from the anchor and its number, never from the boundary before: a reader who began on the 31st
// is billed on the 28th of February and on the 31st of March.
#pragma once

#include <cstdint>

#include "absl/time/time.h"

namespace masthead::memberships {

struct BillingInterval {
  enum class Unit { kWeek, kMonth, kYear };

  Unit unit = Unit::kMonth;
  int32_t count = 1;  // At least 1.
};

// The start of period `index`, counted from 0; the anchor itself for 0. On the wall clock of `zone` it is the anchor's
// time of day; in a month that has no such day, the last one. A time that the clocks skip is when they were put
// forward; of one that comes twice it is the first.
absl::Time PeriodBoundary(absl::Time anchor, const absl::TimeZone& zone, const BillingInterval& interval,
                          int64_t index);

// The period that `time` is in, from its start, included, to its end, not included. Negative before the anchor.
int64_t PeriodAt(absl::Time anchor, const absl::TimeZone& zone, const BillingInterval& interval, absl::Time time);

}  // namespace masthead::memberships
