// The months that figures are asked for.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/time/time.h"

namespace masthead::memberships {

inline constexpr int kMaxMonths = 60;
inline constexpr int kDefaultMonths = 12;

// The starts of `count` months of `zone` and the end of the last: `count` + 1 moments. The first month is the one
// that `first` is in; without it, the last month is the one that `now` is in.
std::vector<absl::Time> MonthBoundaries(const absl::TimeZone& zone, std::optional<absl::Time> first, int count,
                                        absl::Time now);

}  // namespace masthead::memberships
