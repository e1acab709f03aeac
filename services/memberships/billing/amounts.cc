#include "services/memberships/billing/amounts.h"

#include <algorithm>
#include <numeric>

#include "absl/numeric/int128.h"

namespace masthead::memberships {

int64_t Scale(int64_t amount, int64_t numerator, int64_t denominator) {
  const absl::int128 product = absl::int128(amount) * numerator;
  const absl::int128 doubled = 2 * product;
  const absl::int128 half = product < 0 ? -absl::int128(denominator) : absl::int128(denominator);
  return static_cast<int64_t>((doubled + half) / (2 * absl::int128(denominator)));
}

std::vector<int64_t> Allocate(int64_t total, absl::Span<const int64_t> weights) {
  if (weights.empty()) return {};
  const absl::int128 sum = std::accumulate(weights.begin(), weights.end(), absl::int128(0));
  if (sum == 0) return Allocate(total, std::vector<int64_t>(weights.size(), 1));

  const absl::int128 sign = total < 0 ? -1 : 1;
  std::vector<int64_t> parts;
  std::vector<absl::int128> remainders;
  for (int64_t weight : weights) {
    const absl::int128 share = sign * total * weight;
    parts.push_back(static_cast<int64_t>(sign * (share / sum)));
    remainders.push_back(share % sum);
  }
  std::vector<size_t> order(weights.size());
  std::iota(order.begin(), order.end(), 0);
  std::stable_sort(order.begin(), order.end(), [&](size_t a, size_t b) { return remainders[a] > remainders[b]; });
  const int64_t left = total - std::accumulate(parts.begin(), parts.end(), int64_t{0});
  for (size_t i = 0; i < static_cast<size_t>(std::abs(left)); ++i) parts[order[i]] += static_cast<int64_t>(sign);
  return parts;
}

std::vector<int64_t> Slices(int64_t amount, int64_t total, absl::Span<const int64_t> cuts) {
  std::vector<int64_t> slices;
  int64_t billed = 0;
  for (int64_t cut : cuts) {
    const int64_t until_cut = Scale(amount, cut, total);
    slices.push_back(until_cut - billed);
    billed = until_cut;
  }
  return slices;
}

int64_t PercentOff(int64_t amount, int64_t basis_points) {
  return AmountOff(amount, Scale(amount, basis_points, kBasisPoints));
}

int64_t AmountOff(int64_t amount, int64_t off) { return std::min(amount, off); }

Tax TaxOn(absl::Span<const int64_t> lines, int64_t basis_points) {
  const int64_t net = std::accumulate(lines.begin(), lines.end(), int64_t{0});
  const int64_t total = Scale(net, basis_points, kBasisPoints);
  return {total, Allocate(total, lines)};
}

}  // namespace masthead::memberships
