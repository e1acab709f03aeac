#include "services/memberships/billing/period.h"

#include <algorithm>

#include "absl/time/civil_time.h"

namespace masthead::memberships {
namespace {

constexpr int kMonthsOfYear = 12;
constexpr int kDaysOfWeek = 7;
constexpr absl::Duration kShortestMonth = absl::Hours(28 * 24);

absl::CivilDay DayAfter(absl::CivilDay anchor, const BillingInterval& interval, int64_t index) {
  const int64_t steps = index * interval.count;
  if (interval.unit == BillingInterval::Unit::kWeek) return anchor + steps * kDaysOfWeek;
  const bool is_year = interval.unit == BillingInterval::Unit::kYear;
  const absl::CivilMonth month = absl::CivilMonth(anchor) + (is_year ? steps * kMonthsOfYear : steps);
  const absl::CivilDay last = absl::CivilDay(month + 1) - 1;
  return absl::CivilDay(month.year(), month.month(), std::min(anchor.day(), last.day()));
}

absl::Duration ShortestPeriod(const BillingInterval& interval) {
  switch (interval.unit) {
    case BillingInterval::Unit::kWeek:
      return interval.count * absl::Hours(kDaysOfWeek * 24);
    case BillingInterval::Unit::kMonth:
      return interval.count * kShortestMonth;
    case BillingInterval::Unit::kYear:
      return interval.count * kMonthsOfYear * kShortestMonth;
  }
  return kShortestMonth;
}

}  // namespace

absl::Time PeriodBoundary(absl::Time anchor, const absl::TimeZone& zone, const BillingInterval& interval,
                          int64_t index) {
  if (index == 0) return anchor;
  const absl::CivilSecond wall = absl::ToCivilSecond(anchor, zone);
  const absl::CivilDay day = DayAfter(absl::CivilDay(wall), interval, index);
  const absl::CivilSecond boundary(day.year(), day.month(), day.day(), wall.hour(), wall.minute(), wall.second());
  const absl::Duration below_a_second = anchor - absl::FromUnixSeconds(absl::ToUnixSeconds(anchor));
  return absl::FromCivil(boundary, zone) + below_a_second;
}

int64_t PeriodAt(absl::Time anchor, const absl::TimeZone& zone, const BillingInterval& interval, absl::Time time) {
  // No later than that many periods from the anchor, and with clock changes one more; then search.
  const int64_t furthest = (time - anchor) / ShortestPeriod(interval);
  int64_t low = std::min<int64_t>(furthest, 0) - 2;
  int64_t high = std::max<int64_t>(furthest, 0) + 2;
  while (high - low > 1) {
    const int64_t middle = low + (high - low) / 2;
    (PeriodBoundary(anchor, zone, interval, middle) <= time ? low : high) = middle;
  }
  return low;
}

}  // namespace masthead::memberships
