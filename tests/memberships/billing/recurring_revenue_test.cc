#include "services/memberships/billing/recurring_revenue.h"

#include <cstdint>
#include <vector>

#include "gtest/gtest.h"
#include "tests/memberships/vectors.h"

namespace masthead::memberships {
namespace {

using Unit = BillingInterval::Unit;

TEST(RecurringRevenue, IsSummedBeforeItIsRounded) {
  EXPECT_EQ(MonthlyRevenue({5000, 5000, 5000}), 1250) << "rounded down one by one it would be 1248";
  EXPECT_EQ(MonthlyRevenue({AnnualRevenue(500, {Unit::kMonth, 1}), AnnualRevenue(9999, {Unit::kYear, 1})}), 1333);
  EXPECT_EQ(MonthlyRevenue({}), 0);
}

TEST(RecurringRevenue, IsBroughtToAYearWhateverTheInterval) {
  EXPECT_EQ(AnnualRevenue(500, {Unit::kMonth, 1}), 6000);
  EXPECT_EQ(AnnualRevenue(1500, {Unit::kMonth, 3}), 6000);
  EXPECT_EQ(AnnualRevenue(100, {Unit::kWeek, 1}), 5200);
  EXPECT_EQ(AnnualRevenue(9000, {Unit::kYear, 2}), 4500);
}

TEST(RecurringRevenue, AgreesWithThePublishedVectors) {
  const auto vectors = PublishedVectors("mrr");
  SKIP_WITHOUT_VECTORS(vectors);
  for (const nlohmann::json& one : *vectors) {
    std::vector<int64_t> annual;
    for (int64_t price : one.value("monthly", std::vector<int64_t>())) {
      annual.push_back(AnnualRevenue(price, {Unit::kMonth, 1}));
    }
    for (int64_t price : one.value("yearly", std::vector<int64_t>())) {
      annual.push_back(AnnualRevenue(price, {Unit::kYear, 1}));
    }
    const char* expected = one.contains("mrr") ? "mrr" : "sum_then_round";
    EXPECT_EQ(MonthlyRevenue(annual), one.at(expected).get<int64_t>()) << one;
  }
}

}  // namespace
}  // namespace masthead::memberships
