#include "services/memberships/stats/retention.h"

#include "services/memberships/billing/amounts.h"

namespace masthead::memberships {

std::vector<MonthOfMembers> MembersByMonth(const std::vector<PayingMoves>& moves, int count) {
  std::vector<MonthOfMembers> months(count);
  int64_t standing = 0;
  for (const PayingMoves& move : moves) {
    if (move.month < 0) {
      standing += move.began - move.stopped;
    } else {
      months[move.month].gained += move.began;
      months[move.month].lost += move.stopped;
    }
  }
  for (MonthOfMembers& month : months) {
    month.opening = standing;
    if (standing > 0) month.lost_basis_points = static_cast<int32_t>(Scale(month.lost, kBasisPoints, standing));
    standing += month.gained - month.lost;
  }
  return months;
}

std::vector<CohortRow> Cohorts(const std::vector<PayingMoves>& moves, int count) {
  std::vector<CohortRow> cohorts(count);
  for (int i = 0; i < count; ++i) cohorts[i].paying.resize(count - i);
  for (const PayingMoves& move : moves) {
    if (move.cohort < 0) continue;
    CohortRow& cohort = cohorts[move.cohort];
    cohort.members += move.first;
    cohort.paying[move.month - move.cohort] += move.began - move.stopped;
  }
  for (CohortRow& cohort : cohorts) {
    for (size_t i = 1; i < cohort.paying.size(); ++i) cohort.paying[i] += cohort.paying[i - 1];
  }
  return cohorts;
}

}  // namespace masthead::memberships
