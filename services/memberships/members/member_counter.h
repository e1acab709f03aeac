// How the number of members is told to readers.
#pragma once

#include <cstdint>
#include <string>

#include "absl/types/span.h"

namespace masthead::memberships {

// Exact below 100, else rounded down to two significant digits: a banner never says more than there are.
int64_t BannerCount(int64_t members);

// `99`, `990+`, `10,000+`.
std::string BannerText(int64_t members);

// The round numbers worth an event, rising.
absl::Span<const int64_t> Milestones();

}  // namespace masthead::memberships
