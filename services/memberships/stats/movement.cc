#include "services/memberships/stats/movement.h"

#include <array>
#include <set>

#include "services/memberships/billing/recurring_revenue.h"

namespace masthead::memberships {
namespace {

constexpr int kMovements = 5;

int64_t Monthly(int64_t annual) { return MonthlyRevenue({annual}); }

}  // namespace

Movement MovementOf(const RevenueMove& move) {
  if (!move.brought) return move.returning ? Movement::kReactivation : Movement::kNew;
  if (!move.brings) return Movement::kChurn;
  return move.raised ? Movement::kExpansion : Movement::kContraction;
}

std::vector<RevenueMonth> RevenueByMonth(const std::vector<MovementSum>& sums, absl::string_view currency, int count) {
  std::vector<std::array<int64_t, kMovements>> annual(count);
  int64_t standing = 0;
  for (const MovementSum& sum : sums) {
    if (sum.currency != currency) continue;
    if (sum.month < 0) {
      standing += sum.annual;
    } else {
      annual[sum.month][static_cast<int>(sum.movement)] += sum.annual;
    }
  }
  std::vector<RevenueMonth> months;
  for (const std::array<int64_t, kMovements>& moved : annual) {
    const auto by = [&](Movement movement) { return Monthly(moved[static_cast<int>(movement)]); };
    RevenueMonth month = {.opening = Monthly(standing),
                          .from_new = by(Movement::kNew),
                          .from_reactivation = by(Movement::kReactivation),
                          .from_expansion = by(Movement::kExpansion),
                          .from_contraction = by(Movement::kContraction),
                          .from_churn = by(Movement::kChurn)};
    for (int64_t amount : moved) standing += amount;
    month.closing = Monthly(standing);
    month.closing_annual = standing;
    months.push_back(month);
  }
  return months;
}

std::vector<std::string> CurrenciesIn(const std::vector<MovementSum>& sums) {
  std::set<std::string> currencies;
  for (const MovementSum& sum : sums) currencies.insert(sum.currency);
  return {currencies.begin(), currencies.end()};
}

}  // namespace masthead::memberships
