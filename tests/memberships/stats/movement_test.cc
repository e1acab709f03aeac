#include "services/memberships/stats/movement.h"

#include <vector>

#include "gtest/gtest.h"

namespace masthead::memberships {
namespace {

TEST(MovementTest, EveryMoveIsOfOneKind) {
  EXPECT_EQ(MovementOf({.brings = true}), Movement::kNew);
  EXPECT_EQ(MovementOf({.brings = true, .raised = true}), Movement::kNew);
  EXPECT_EQ(MovementOf({.brings = true, .raised = true, .returning = true}), Movement::kReactivation);
  EXPECT_EQ(MovementOf({.brought = true, .brings = true, .raised = true}), Movement::kExpansion);
  EXPECT_EQ(MovementOf({.brought = true, .brings = true}), Movement::kContraction);
  EXPECT_EQ(MovementOf({.brought = true}), Movement::kChurn);
}

TEST(MovementTest, YearlyPricesAreSummedBeforeTheyAreRounded) {
  const std::vector<MovementSum> sums = {{.month = 0, .currency = "EUR", .movement = Movement::kNew, .annual = 15000}};
  const std::vector<RevenueMonth> months = RevenueByMonth(sums, "EUR", 1);
  ASSERT_EQ(months.size(), 1u);
  EXPECT_EQ(months[0].from_new, 1250);  // Three of 50.00 a year, not three times 4.16.
  EXPECT_EQ(months[0].closing, 1250);
}

TEST(MovementTest, EachMonthOpensWhereTheLastOneClosed) {
  const std::vector<MovementSum> sums = {
      {.month = -1, .currency = "EUR", .movement = Movement::kNew, .annual = 12000},
      {.month = 0, .currency = "EUR", .movement = Movement::kExpansion, .annual = 1200},
      {.month = 1, .currency = "EUR", .movement = Movement::kChurn, .reason = "REQUESTED", .annual = -6000},
      {.month = 1, .currency = "USD", .movement = Movement::kNew, .annual = 99999}};
  const std::vector<RevenueMonth> months = RevenueByMonth(sums, "EUR", 2);
  ASSERT_EQ(months.size(), 2u);
  EXPECT_EQ(months[0].opening, 1000);
  EXPECT_EQ(months[0].from_expansion, 100);
  EXPECT_EQ(months[1].opening, months[0].closing);
  EXPECT_EQ(months[1].from_churn, -500);
  EXPECT_EQ(months[1].closing, 600);
  EXPECT_EQ(CurrenciesIn(sums), (std::vector<std::string>{"EUR", "USD"}));
}

}  // namespace
}  // namespace masthead::memberships
