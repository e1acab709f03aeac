// Arithmetic on money: integers of a currency's minor unit, products of 128 bits, and one rule of rounding.
#pragma once

#include <cstdint>
#include <vector>

#include "absl/types/span.h"

namespace masthead::memberships {

// `amount` * `numerator` / `denominator`, halves away from zero. The denominator is positive, and the result must fit.
int64_t Scale(int64_t amount, int64_t numerator, int64_t denominator);

// `total` split in proportion to `weights`, which are not negative: the parts sum up to it, and none is off by one or
// more. What is left over goes to the largest remainders, the earlier where they are equal. Where all weights are 0
// they count as equal. Empty without weights.
std::vector<int64_t> Allocate(int64_t total, absl::Span<const int64_t> weights);

// The price of each slice of a period of length `total` that is cut at `cuts` (rising, the last one `total`): together
// they are `amount`, however many there are.
std::vector<int64_t> Slices(int64_t amount, int64_t total, absl::Span<const int64_t> cuts);

inline constexpr int64_t kBasisPoints = 10'000;  // Of a whole.

// What an offer takes off; never more than there is.
int64_t PercentOff(int64_t amount, int64_t basis_points);
int64_t AmountOff(int64_t amount, int64_t off);

// The tax on lines that are priced without it: rounded once, for all of them, and then shared out.
struct Tax {
  int64_t total = 0;
  std::vector<int64_t> lines;
};
Tax TaxOn(absl::Span<const int64_t> lines, int64_t basis_points);

}  // namespace masthead::memberships
