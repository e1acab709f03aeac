// Revenue that comes again, whatever the intervals it comes in.
#pragma once

#include <cstdint>

#include "absl/types/span.h"
#include "services/memberships/billing/period.h"

namespace masthead::memberships {

// What a price brings in a year of 12 months or 52 weeks, in minor units.
int64_t AnnualRevenue(int64_t price, const BillingInterval& interval);

// Of one currency. Summed first and rounded once: three readers who pay 50.00 a year are 12.50 a month, not three times
// 4.16.
int64_t MonthlyRevenue(absl::Span<const int64_t> annual);

}  // namespace masthead::memberships
