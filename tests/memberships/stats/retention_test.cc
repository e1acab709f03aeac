#include "services/memberships/stats/retention.h"

#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/memberships/stats/months.h"

namespace masthead::memberships {
namespace {

using ::testing::ElementsAre;

TEST(RetentionTest, ACohortIsFollowedFromItsOwnMonth) {
  const std::vector<PayingMoves> moves = {{.cohort = 0, .month = 0, .first = 10, .began = 10, .stopped = 1},
                                          {.cohort = 0, .month = 1, .stopped = 3},
                                          {.cohort = 0, .month = 2, .began = 2},
                                          {.cohort = 1, .month = 1, .first = 4, .began = 4}};
  const std::vector<CohortRow> cohorts = Cohorts(moves, 3);
  ASSERT_EQ(cohorts.size(), 3u);
  EXPECT_EQ(cohorts[0].members, 10);
  EXPECT_THAT(cohorts[0].paying, ElementsAre(9, 6, 8));
  EXPECT_EQ(cohorts[1].members, 4);
  EXPECT_THAT(cohorts[1].paying, ElementsAre(4, 4));
  EXPECT_EQ(cohorts[2].members, 0);
}

TEST(RetentionTest, ChurnIsOfThoseWhoWereThereWhenTheMonthBegan) {
  const std::vector<PayingMoves> moves = {{.cohort = -1, .month = -1, .first = 200, .began = 200},
                                          {.cohort = -1, .month = 0, .stopped = 5},
                                          {.cohort = 0, .month = 0, .first = 20, .began = 20}};
  const std::vector<MonthOfMembers> months = MembersByMonth(moves, 1);
  ASSERT_EQ(months.size(), 1u);
  EXPECT_EQ(months[0].opening, 200);
  EXPECT_EQ(months[0].gained, 20);
  EXPECT_EQ(months[0].lost, 5);
  EXPECT_EQ(months[0].lost_basis_points, 250);
}

TEST(MonthsTest, MonthsAreThoseOfTheNewsroomsZone) {
  absl::TimeZone kyiv;
  ASSERT_TRUE(absl::LoadTimeZone("Europe/Kyiv", &kyiv));
  const absl::Time now = absl::FromCivil(absl::CivilSecond(2026, 4, 1, 0, 30), kyiv);
  const std::vector<absl::Time> boundaries = MonthBoundaries(kyiv, std::nullopt, 2, now);
  ASSERT_EQ(boundaries.size(), 3u);
  EXPECT_EQ(boundaries[0], absl::FromCivil(absl::CivilSecond(2026, 3, 1), kyiv));
  EXPECT_EQ(boundaries[1] - boundaries[0], absl::Hours(31 * 24 - 1));  // The clocks went forward.
  EXPECT_EQ(boundaries[2], absl::FromCivil(absl::CivilSecond(2026, 5, 1), kyiv));
}

}  // namespace
}  // namespace masthead::memberships
