#include "services/memberships/plans/price.h"

#include <functional>

#include "gtest/gtest.h"
#include "tests/support/status_matchers.h"

namespace masthead::memberships {
namespace {

using ::masthead::testing::IsOk;
using ::masthead::testing::StatusIs;

constexpr BillingInterval kMonthly = {.unit = BillingInterval::Unit::kMonth, .count = 1};

Price Monthly() {
  Price price = {.id = "gold", .tier_id = "gold", .display_name = "Gold, monthly", .money = {"EUR", 500}};
  price.interval = kMonthly;
  return price;
}

Price Donation() {
  Price price = {.id = "tip", .display_name = "A coffee", .money = {"EUR", 500}};
  price.least_amount = 100;
  price.most_amount = 100'000;
  return price;
}

bool Stands(
    Price price, const std::function<void(Price&)>& change = [](Price&) {}) {
  change(price);
  FieldViolations violations;
  CheckPrice("price", price, violations);
  return violations.empty();
}

TEST(Price, IsArchivedOnce) {
  Price price = Monthly();
  EXPECT_THAT(Archive(price), IsOk());
  EXPECT_EQ(price.state, Price::State::kArchived);
  EXPECT_THAT(Archive(price), StatusIs(absl::StatusCode::kFailedPrecondition, "PRICE_ARCHIVED"));
}

TEST(Price, IsFromACentToAMillion) {
  EXPECT_TRUE(Stands(Monthly(), [](Price& price) { price.money.amount = 1; }));
  EXPECT_TRUE(Stands(Monthly(), [](Price& price) { price.money.amount = 99'999'999; }));
  EXPECT_FALSE(Stands(Monthly(), [](Price& price) { price.money.amount = 0; }));
  EXPECT_FALSE(Stands(Monthly(), [](Price& price) { price.money.amount = -500; }));
  EXPECT_FALSE(Stands(Monthly(), [](Price& price) { price.money.amount = 100'000'000; }));
  EXPECT_FALSE(Stands(Monthly(), [](Price& price) { price.money.currency = "eur"; }));
}

TEST(Price, SuggestsWhatTheBuyerMayDecide) {
  EXPECT_TRUE(Stands(Donation()));
  EXPECT_FALSE(Stands(Donation(), [](Price& price) { price.money.amount = 99; }));
  EXPECT_FALSE(Stands(Donation(), [](Price& price) { price.most_amount = 99; }));
  EXPECT_FALSE(Stands(Donation(), [](Price& price) { price.least_amount = 0; }));
  EXPECT_FALSE(Stands(Donation(), [](Price& price) { price.least_amount.reset(), price.most_amount.reset(); }));
}

TEST(Price, HasATrialOnlyOfWhatIsGivenAgainAndAgain) {
  EXPECT_TRUE(Stands(Monthly(), [](Price& price) { price.trial_days = 730; }));
  EXPECT_FALSE(Stands(Monthly(), [](Price& price) { price.trial_days = 731; }));
  EXPECT_FALSE(Stands(Monthly(), [](Price& price) { price.interval.reset(), price.trial_days = 14; }));
  EXPECT_FALSE(Stands(Donation(), [](Price& price) { price.interval = kMonthly, price.trial_days = 14; }));
}

TEST(Price, IsForAsManySeatsAsItSays) {
  EXPECT_TRUE(Stands(Monthly(), [](Price& price) { price.least_seats = 2, price.most_seats = 10'000; }));
  EXPECT_FALSE(Stands(Monthly(), [](Price& price) { price.most_seats = 10'001; }));
  EXPECT_FALSE(Stands(Monthly(), [](Price& price) { price.least_seats = 5, price.most_seats = 4; }));
  EXPECT_FALSE(Stands(Donation(), [](Price& price) { price.most_seats = 2; }));
}

TEST(Price, BoundsTheRest) {
  EXPECT_FALSE(Stands(Monthly(), [](Price& price) { price.interval->count = 37; }));
  EXPECT_FALSE(Stands(Monthly(), [](Price& price) { price.interval->count = 0; }));
  EXPECT_FALSE(Stands(Monthly(), [](Price& price) { price.tax_basis_points = 10'001; }));
  EXPECT_FALSE(Stands(Monthly(), [](Price& price) { price.grace_days = 31; }));
  EXPECT_FALSE(Stands(Monthly(), [](Price& price) { price.display_name = ""; }));
}

}  // namespace
}  // namespace masthead::memberships
