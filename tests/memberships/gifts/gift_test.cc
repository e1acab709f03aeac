#include "services/memberships/gifts/gift.h"

#include <string>

#include "gtest/gtest.h"
#include "tests/support/status_matchers.h"

namespace masthead::memberships {
namespace {

using ::masthead::testing::IsOk;
using ::masthead::testing::StatusIs;

absl::Time At(const std::string& text) {
  absl::Time time;
  std::string error;
  EXPECT_TRUE(absl::ParseTime(absl::RFC3339_full, text, &time, &error)) << error;
  return time;
}

absl::TimeZone Zone(const std::string& name) {
  absl::TimeZone zone;
  EXPECT_TRUE(absl::LoadTimeZone(name, &zone));
  return zone;
}

Gift Bought(int32_t months, absl::Time now) {
  Gift gift;
  gift.id = "g";
  gift.months = months;
  gift.create_time = now;
  gift.claim_end_time = now + kClaimWindow;
  return gift;
}

Gift Delivered(int32_t months, absl::Time now) {
  Gift gift = Bought(months, now);
  Deliver(gift, "hash", now);
  return gift;
}

std::string EndOf(int32_t months, const std::string& redeemed, const std::string& zone = "UTC") {
  Gift gift = Delivered(months, At(redeemed));
  Redeem(gift, "nina", zone, Zone(zone), std::nullopt, At(redeemed));
  return absl::FormatTime("%Y-%m-%dT%H:%MZ", *gift.end_time, absl::UTCTimeZone());
}

TEST(Gift, LastsMonthsOfTheCalendar) {
  EXPECT_EQ(EndOf(1, "2026-01-31T10:00:00Z"), "2026-02-28T10:00Z");
  EXPECT_EQ(EndOf(1, "2026-08-31T10:00:00Z"), "2026-09-30T10:00Z");
  EXPECT_EQ(EndOf(2, "2026-12-31T10:00:00Z"), "2027-02-28T10:00Z");
  EXPECT_EQ(EndOf(12, "2028-02-29T10:00:00Z"), "2029-02-28T10:00Z");
}

TEST(Gift, LastsThemWhereTheReceiverLives) {
  // The 1st of February in Kyiv, whose clocks go forward in March.
  EXPECT_EQ(EndOf(1, "2026-01-31T22:30:00Z", "Europe/Kyiv"), "2026-02-28T22:30Z");
  EXPECT_EQ(EndOf(3, "2026-01-31T22:30:00Z", "Europe/Kyiv"), "2026-04-30T21:30Z");
}

TEST(Gift, BeginsWhereAnotherEnds) {
  const absl::Time now = At("2026-01-10T10:00:00Z");
  Gift gift = Delivered(1, now);
  Redeem(gift, "nina", "UTC", absl::UTCTimeZone(), At("2026-01-31T08:00:00Z"), now);
  EXPECT_EQ(gift.redeem_time, now);
  EXPECT_EQ(gift.start_time, At("2026-01-31T08:00:00Z"));
  EXPECT_EQ(gift.end_time, At("2026-02-28T08:00:00Z"));
}

TEST(Gift, IsDeliveredAtNineInTheNewsroom) {
  const absl::Time now = At("2026-12-01T12:00:00Z");
  Gift gift = Bought(3, now);
  gift.delivery.date = "2026-12-24";

  Schedule(gift, now, Zone("Europe/Kyiv"));

  EXPECT_EQ(gift.state, Gift::State::kScheduled);
  EXPECT_EQ(NextStep(gift).step, GiftStep::kDeliver);
  EXPECT_EQ(NextStep(gift).time, At("2026-12-24T07:00:00Z"));
  EXPECT_EQ(gift.claim_end_time, At("2026-12-24T07:00:00Z") + absl::Hours(365 * 24));
}

TEST(Gift, IsDeliveredAtOnceWhenItsHourHasCome) {
  Gift gift = Bought(3, At("2026-12-24T07:00:00Z"));
  Schedule(gift, At("2026-12-24T07:00:00Z"), Zone("Europe/Kyiv"));
  EXPECT_EQ(gift.state, Gift::State::kPurchased);
  gift.delivery.date = "2026-12-24";
  Schedule(gift, At("2026-12-24T07:00:00Z"), Zone("Europe/Kyiv"));
  EXPECT_EQ(gift.state, Gift::State::kPurchased);
}

TEST(Gift, RemindsAWeekBeforeItIsTooLateAndAWeekBeforeItEnds) {
  const absl::Time now = At("2026-01-31T10:00:00Z");
  Gift gift = Delivered(1, now);
  EXPECT_EQ(NextStep(gift).step, GiftStep::kRemindToClaim);
  EXPECT_EQ(NextStep(gift).time, At("2027-01-24T10:00:00Z"));
  gift.reminded = true;
  EXPECT_EQ(NextStep(gift).step, GiftStep::kExpire);
  EXPECT_EQ(NextStep(gift).time, At("2027-01-31T10:00:00Z"));

  Redeem(gift, "nina", "UTC", absl::UTCTimeZone(), std::nullopt, now);
  EXPECT_EQ(NextStep(gift).step, GiftStep::kRemindOfEnd);
  EXPECT_EQ(NextStep(gift).time, At("2026-02-21T10:00:00Z"));
  gift.reminded = true;
  EXPECT_EQ(NextStep(gift).step, GiftStep::kNone);
}

TEST(Gift, IsRedeemedWhileItsStateAndTheTimeAllow) {
  const absl::Time now = At("2026-01-31T10:00:00Z");
  Gift gift = Bought(1, now);
  EXPECT_THAT(CheckRedeemable(gift, now), StatusIs(absl::StatusCode::kFailedPrecondition, "GIFT_OVER"));
  Deliver(gift, "hash", now);
  EXPECT_THAT(CheckRedeemable(gift, now), IsOk());
  EXPECT_THAT(CheckRedeemable(gift, gift.claim_end_time - absl::Microseconds(1)), IsOk());
  EXPECT_THAT(CheckRedeemable(gift, gift.claim_end_time), StatusIs(absl::StatusCode::kFailedPrecondition, "GIFT_OVER"));
  EXPECT_TRUE(MarkRefunded(gift));
  EXPECT_THAT(CheckRedeemable(gift, now), StatusIs(absl::StatusCode::kFailedPrecondition, "GIFT_OVER"));
  EXPECT_FALSE(MarkRefunded(gift));
}

TEST(Gift, ForgetsTheAddressOnceItIsOver) {
  for (void (*end)(Gift&) :
       {+[](Gift& gift) { Expire(gift); }, +[](Gift& gift) { MarkRefunded(gift); },
        +[](Gift& gift) { Redeem(gift, "nina", "UTC", absl::UTCTimeZone(), std::nullopt, gift.create_time); }}) {
    Gift gift = Delivered(1, At("2026-01-31T10:00:00Z"));
    gift.delivery.receiver_email = "olha@example.org";
    end(gift);
    EXPECT_EQ(gift.delivery.receiver_email, "");
    EXPECT_THAT(CheckDeliverable(gift, gift.create_time), StatusIs(absl::StatusCode::kFailedPrecondition, "GIFT_OVER"));
  }
}

TEST(Gift, IsDeliveredWithinAYear) {
  const absl::Time now = At("2026-01-31T23:30:00Z");  // The 1st of February in Kyiv.
  const auto stands = [&](GiftDelivery delivery) {
    FieldViolations violations;
    CheckGiftDelivery("delivery", delivery, now, now, Zone("Europe/Kyiv"), violations);
    return violations.empty();
  };
  EXPECT_TRUE(stands({}));
  EXPECT_TRUE(stands({.date = "2026-02-01"}));
  EXPECT_TRUE(stands({.date = "2027-02-01"}));
  EXPECT_FALSE(stands({.date = "2027-02-02"}));
  EXPECT_FALSE(stands({.date = "2026-01-31"}));
  EXPECT_FALSE(stands({.date = "2026-2-10"}));
  EXPECT_FALSE(stands({.date = "2026-02-30"}));
  EXPECT_TRUE(stands({.receiver_email = "olha@example.org", .message = std::string(500, 'x')}));
  EXPECT_FALSE(stands({.message = std::string(501, 'x')}));
  EXPECT_FALSE(stands({.receiver_email = "olha"}));
  EXPECT_FALSE(stands({.giver_name = "two\nlines"}));
}

TEST(Gift, IsBoughtForOneThreeSixOrTwelveMonths) {
  for (int32_t months : {1, 3, 6, 12}) EXPECT_TRUE(IsGiftLength(months));
  for (int32_t months : {-1, 0, 2, 24}) EXPECT_FALSE(IsGiftLength(months));
}

}  // namespace
}  // namespace masthead::memberships
