#include "services/memberships/stats/months.h"

#include "absl/time/civil_time.h"

namespace masthead::memberships {

std::vector<absl::Time> MonthBoundaries(const absl::TimeZone& zone, std::optional<absl::Time> first, int count,
                                        absl::Time now) {
  const absl::CivilMonth start = first ? absl::ToCivilMonth(*first, zone) : absl::ToCivilMonth(now, zone) - (count - 1);
  std::vector<absl::Time> boundaries;
  for (int i = 0; i <= count; ++i) boundaries.push_back(absl::FromCivil(absl::CivilSecond(start + i), zone));
  return boundaries;
}

}  // namespace masthead::memberships
