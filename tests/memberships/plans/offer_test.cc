#include "services/memberships/plans/offer.h"

#include <functional>

#include "gtest/gtest.h"
#include "tests/memberships/vectors.h"
#include "tests/support/status_matchers.h"

namespace masthead::memberships {
namespace {

using ::masthead::testing::IsOk;
using ::masthead::testing::StatusIs;

const absl::Time kNow = absl::FromUnixSeconds(1'780'000'000);

Price Monthly() {
  Price price = {.id = "gold", .tier_id = "gold", .display_name = "Gold", .money = {"EUR", 500}};
  price.interval = BillingInterval{.unit = BillingInterval::Unit::kMonth, .count = 1};
  return price;
}

Offer Half() { return {.id = "half", .display_name = "Half", .kind = Offer::Kind::kPercent, .basis_points = 5000}; }

Offer FreeDays(int32_t days) {
  return {.id = "days", .display_name = "Days", .kind = Offer::Kind::kFreeDays, .free_days = days};
}

bool Stands(Offer offer, const std::function<void(Offer&)>& change) {
  change(offer);
  FieldViolations violations;
  CheckOffer("offer", offer, violations);
  return violations.empty();
}

TEST(Offer, TakesOffAPartRoundedHalfUp) {
  // Amount, hundredths of a percent, discount.
  const int64_t cases[][3] = {{999, 5000, 500}, {500, 3300, 165},     {1, 5000, 1},
                              {333, 1500, 50},  {1000, 10'000, 1000}, {12'345, 700, 864}};
  for (const auto& [amount, basis_points, discount] : cases) {
    Offer offer = Half();
    offer.basis_points = static_cast<int32_t>(basis_points);
    EXPECT_EQ(DiscountOf(offer, amount), discount) << amount << " at " << basis_points;
  }
}

TEST(Offer, AgreesWithThePublishedDiscounts) {
  const auto vectors = PublishedVectors("discounts");
  SKIP_WITHOUT_VECTORS(vectors);
  for (const auto& vector : *vectors) {
    Offer offer = Half();
    offer.basis_points = vector["percent"].get<int32_t>() * 100;
    const int64_t amount = vector["amount"].get<int64_t>();
    EXPECT_EQ(DiscountOf(offer, amount), vector["discount"].get<int64_t>()) << vector;
    EXPECT_EQ(amount - DiscountOf(offer, amount), vector["due"].get<int64_t>()) << vector;
  }
}

TEST(Offer, NeverTakesOffMoreThanThereIs) {
  Offer offer = Half();
  offer.kind = Offer::Kind::kAmount;
  offer.off = {"EUR", 700};
  EXPECT_EQ(DiscountOf(offer, 1000), 700);
  EXPECT_EQ(DiscountOf(offer, 500), 500);
}

TEST(Offer, CountsInvoicesAndNotMonths) {
  Offer offer = Half();
  EXPECT_EQ(InvoicesOf(offer), 1);
  offer.duration = Offer::Duration::kRepeating;
  offer.invoices = 3;
  EXPECT_EQ(InvoicesOf(offer), 3);
  offer.duration = Offer::Duration::kForever;
  EXPECT_EQ(InvoicesOf(offer), std::nullopt);
  EXPECT_EQ(InvoicesOf(FreeDays(30)), 0);
}

TEST(Offer, FreeDaysAndATrialDoNotAddUp) {
  Price price = Monthly();
  EXPECT_EQ(FreeDaysOf(price, nullptr), 0);
  price.trial_days = 14;
  const Offer longer = FreeDays(30);
  const Offer shorter = FreeDays(7);
  const Offer half = Half();
  EXPECT_EQ(FreeDaysOf(price, nullptr), 14);
  EXPECT_EQ(FreeDaysOf(price, &longer), 30);
  EXPECT_EQ(FreeDaysOf(price, &shorter), 14);
  EXPECT_EQ(FreeDaysOf(price, &half), 14);
}

TEST(Offer, RunsInItsTimeAndNoLonger) {
  Offer offer = Half();
  EXPECT_THAT(CheckRuns(offer, kNow), IsOk());
  offer.start_time = kNow;
  offer.end_time = kNow + absl::Hours(1);
  EXPECT_THAT(CheckRuns(offer, kNow), IsOk());
  EXPECT_THAT(CheckRuns(offer, kNow - absl::Seconds(1)),
              StatusIs(absl::StatusCode::kFailedPrecondition, "OFFER_ENDED"));
  EXPECT_THAT(CheckRuns(offer, *offer.end_time), StatusIs(absl::StatusCode::kFailedPrecondition, "OFFER_ENDED"));
  EXPECT_THAT(Archive(offer), IsOk());
  EXPECT_THAT(CheckRuns(offer, kNow), StatusIs(absl::StatusCode::kFailedPrecondition, "OFFER_ENDED"));
  EXPECT_THAT(Archive(offer), StatusIs(absl::StatusCode::kFailedPrecondition, "OFFER_ENDED"));
}

TEST(Offer, AppliesToWhatItIsMadeFor) {
  const auto applies = [](const Offer& offer, const Price& price, Offer::Occasion occasion = Offer::Occasion::kSignUp) {
    const absl::Status status = CheckApplies(offer, price, occasion);
    EXPECT_EQ(ErrorReason(status), status.ok() ? "" : "OFFER_NOT_APPLICABLE");
    return status.ok();
  };
  EXPECT_TRUE(applies(Half(), Monthly()));
  EXPECT_FALSE(applies(Half(), Monthly(), Offer::Occasion::kRetention));

  Offer for_silver = Half();
  for_silver.tier_ids = {"silver"};
  EXPECT_FALSE(applies(for_silver, Monthly()));

  Offer in_dollars = Half();
  in_dollars.kind = Offer::Kind::kAmount;
  in_dollars.off = {"USD", 100};
  EXPECT_FALSE(applies(in_dollars, Monthly()));

  Price once = Monthly();
  once.interval.reset();
  EXPECT_TRUE(applies(Half(), once));
  EXPECT_FALSE(applies(FreeDays(30), once));

  Price decided = Monthly();
  decided.least_amount = 100;
  decided.most_amount = 1000;
  EXPECT_FALSE(applies(Half(), decided));
  Price donation = Monthly();
  donation.tier_id.clear();
  EXPECT_FALSE(applies(Half(), donation));
}

TEST(Offer, SaysWhatItGivesWithinBounds) {
  EXPECT_TRUE(Stands(Half(), [](Offer&) {}));
  EXPECT_FALSE(Stands(Half(), [](Offer& offer) { offer.basis_points = 10'001; }));
  EXPECT_FALSE(Stands(Half(), [](Offer& offer) { offer.basis_points = 0; }));
  EXPECT_FALSE(Stands(Half(), [](Offer& offer) { offer.display_name = std::string(41, 'x'); }));
  EXPECT_FALSE(Stands(Half(), [](Offer& offer) { offer.invoices = 3; }));
  EXPECT_FALSE(Stands(Half(), [](Offer& offer) { offer.duration = Offer::Duration::kRepeating; }));
  EXPECT_FALSE(Stands(Half(), [](Offer& offer) { offer.max_redemptions = 0; }));
  EXPECT_FALSE(Stands(Half(), [](Offer& offer) { offer.tier_ids = {"gold", "gold"}; }));
  EXPECT_FALSE(Stands(Half(), [](Offer& offer) { offer.start_time = offer.end_time = kNow; }));
  EXPECT_TRUE(Stands(FreeDays(730), [](Offer&) {}));
  EXPECT_FALSE(Stands(FreeDays(731), [](Offer&) {}));
  EXPECT_FALSE(Stands(FreeDays(30), [](Offer& offer) { offer.duration = Offer::Duration::kForever; }));
}

}  // namespace
}  // namespace masthead::memberships
