// Who begins to pay and who stops, by the month in which members first paid.
#pragma once

#include <cstdint>
#include <vector>

namespace masthead::memberships {

// Members of one cohort who began to pay, for the first time or again, and who stopped, in one month. Somebody with two
// subscriptions begins with the first and stops with the last.
struct PayingMoves {
  int cohort = 0;     // The month of the first payment, counted from 0; -1: before the first month.
  int month = 0;      // When; -1: before the first month.
  int64_t first = 0;  // Of those who began, how many for the first time.
  int64_t began = 0;
  int64_t stopped = 0;
};

struct MonthOfMembers {
  int64_t opening = 0;
  int64_t gained = 0;
  int64_t lost = 0;
  int32_t lost_basis_points = 0;  // Of `opening`.
};

// All members, `count` months.
std::vector<MonthOfMembers> MembersByMonth(const std::vector<PayingMoves>& moves, int count);

struct CohortRow {
  int64_t members = 0;
  std::vector<int64_t> paying;  // At the end of the cohort's own month, of the next...
};

// The cohorts of `count` months.
std::vector<CohortRow> Cohorts(const std::vector<PayingMoves>& moves, int count);

}  // namespace masthead::memberships
