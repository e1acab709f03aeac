#include "services/memberships/billing/recurring_revenue.h"

#include <numeric>

#include "services/memberships/billing/amounts.h"

namespace masthead::memberships {

int64_t AnnualRevenue(int64_t price, const BillingInterval& interval) {
  switch (interval.unit) {
    case BillingInterval::Unit::kWeek:
      return Scale(price, 52, interval.count);
    case BillingInterval::Unit::kMonth:
      return Scale(price, 12, interval.count);
    case BillingInterval::Unit::kYear:
      return Scale(price, 1, interval.count);
  }
  return 0;
}

int64_t MonthlyRevenue(absl::Span<const int64_t> annual) {
  return Scale(std::accumulate(annual.begin(), annual.end(), int64_t{0}), 1, 12);
}

}  // namespace masthead::memberships
