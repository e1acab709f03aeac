#include "services/memberships/plans/offering.h"

#include <atomic>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "services/memberships/plans/offer_store.h"
#include "services/memberships/plans/price_store.h"
#include "tests/memberships/newsroom.h"

namespace masthead::memberships {
namespace {

using ::masthead::testing::IsOk;
using ::masthead::testing::StatusIs;

const absl::Time kNow = absl::FromUnixSeconds(1'780'000'000);
const absl::Time kHoldEnd = kNow + absl::Minutes(30);

class OfferingTest : public NewsroomTest {
 protected:
  void SetUp() override {
    MakeTier("gold");
    for (const char* id : {"m1", "m2"}) Register(id, std::string(id) + "@example.org");
    price_ = {.id = "gold-eur", .tier_id = "gold", .display_name = "Gold", .money = {"EUR", 500}};
    price_.interval = BillingInterval{.unit = BillingInterval::Unit::kMonth, .count = 1};
    price_.trial_days = 14;
    price_.create_time = price_.update_time = kNow;
  }

  template <typename Body>
  auto Write(Body body) {
    return database_.database().Write(Scope(), body);
  }

  void MakeOffer(std::optional<int32_t> max_redemptions) {
    const Offer offer = {.id = "half",
                         .display_name = "Half",
                         .basis_points = 5000,
                         .max_redemptions = max_redemptions,
                         .create_time = kNow,
                         .update_time = kNow};
    ASSERT_THAT(Write([&](db::Transaction& tx) { return InsertOffer(tx, offer); }), IsOk());
  }

  absl::Status Reserve(const std::string& member_id, absl::Time now = kNow) {
    return Write([&](db::Transaction& tx) {
      return ReserveOffer(tx, "half", member_id, price_, Offer::Occasion::kSignUp, now + absl::Minutes(30), now)
          .status();
    });
  }

  void Redeem(const std::string& member_id, absl::Time now = kNow) {
    ASSERT_THAT(Write([&](db::Transaction& tx) {
                  RedeemOffer(tx, "half", member_id, now);
                  return absl::OkStatus();
                }),
                IsOk());
  }

  int32_t Trial(const std::string& member_id, const std::string& group = "membership", const Offer* offer = nullptr) {
    const absl::StatusOr<int32_t> days =
        Write([&](db::Transaction& tx) { return TrialDays(tx, member_id, group, price_, offer); });
    EXPECT_THAT(days, IsOk());
    return days.value_or(-1);
  }

  void Consume(const std::string& member_id) {
    ASSERT_THAT(Write([&](db::Transaction& tx) {
                  ConsumeTrial(tx, member_id, "membership", kNow);
                  return absl::OkStatus();
                }),
                IsOk());
  }

  Price price_;
};

TEST_F(OfferingTest, LoadsWhatWasStored) {
  price_.least_amount = 100;
  price_.most_amount = 1000;
  ASSERT_THAT(Write([&](db::Transaction& tx) { return InsertPrice(tx, price_); }), IsOk());
  const auto price = Write([](db::Transaction& tx) { return LoadPrice(tx, "gold-eur"); });
  ASSERT_THAT(price, IsOk());
  EXPECT_EQ(price->money, (Money{"EUR", 500}));
  EXPECT_EQ(price->least_amount, 100);
  EXPECT_EQ(price->interval->unit, BillingInterval::Unit::kMonth);
  EXPECT_EQ(price->trial_days, 14);
  EXPECT_THAT(Write([](db::Transaction& tx) { return LoadPrice(tx, "none"); }),
              StatusIs(absl::StatusCode::kNotFound, "PRICE_NOT_FOUND"));
  EXPECT_THAT(Write([](db::Transaction& tx) { return LoadOffer(tx, "none"); }),
              StatusIs(absl::StatusCode::kNotFound, "OFFER_NOT_FOUND"));
}

TEST_F(OfferingTest, AHundredOfAHundredAndOneHaveAnOfferForAHundred) {
  MakeOffer(100);
  std::atomic<int> held = 0;
  std::atomic<int> refused = 0;
  std::atomic<int> next = 1;
  std::vector<std::thread> takers;
  for (int i = 0; i < 8; ++i) {
    takers.emplace_back([&] {
      for (int member = next++; member <= 101; member = next++) {
        absl::Status status = Reserve(absl::StrCat("m", member));
        while (absl::IsAborted(status) || absl::IsUnavailable(status)) status = Reserve(absl::StrCat("m", member));
        if (status.ok()) ++held;
        if (ErrorReason(status) == "OFFER_EXHAUSTED") ++refused;
      }
    });
  }
  for (std::thread& taker : takers) taker.join();
  EXPECT_EQ(held, 100);
  EXPECT_EQ(refused, 1);
}

TEST_F(OfferingTest, AHoldEndsByTimeOrByBeingGivenUp) {
  MakeOffer(1);
  EXPECT_THAT(Reserve("m1"), IsOk());
  EXPECT_THAT(Reserve("m1"), IsOk());
  EXPECT_THAT(Reserve("m2"), StatusIs(absl::StatusCode::kFailedPrecondition, "OFFER_EXHAUSTED"));
  EXPECT_THAT(Reserve("m2", kHoldEnd), IsOk());
  EXPECT_THAT(Reserve("m1", kHoldEnd), StatusIs(absl::StatusCode::kFailedPrecondition, "OFFER_EXHAUSTED"));
  ASSERT_THAT(Write([](db::Transaction& tx) {
                ReleaseOffer(tx, "half", "m2");
                return absl::OkStatus();
              }),
              IsOk());
  EXPECT_THAT(Reserve("m1", kHoldEnd), IsOk());
}

TEST_F(OfferingTest, AnOfferIsRedeemedOnceByEach) {
  MakeOffer(2);
  EXPECT_THAT(Reserve("m1"), IsOk());
  Redeem("m1");
  Redeem("m1");
  EXPECT_THAT(Reserve("m1"), StatusIs(absl::StatusCode::kFailedPrecondition, "OFFER_REDEEMED"));
  EXPECT_THAT(Reserve("m2"), IsOk());
  EXPECT_THAT(Reserve("m3"), StatusIs(absl::StatusCode::kFailedPrecondition, "OFFER_EXHAUSTED"));
  ASSERT_THAT(Write([](db::Transaction& tx) {
                ReleaseOffer(tx, "half", "m1");
                return absl::OkStatus();
              }),
              IsOk());
  EXPECT_EQ(database_.QueryValue("SELECT redemptions FROM offers"), "1");
  EXPECT_THAT(Reserve("m1"), StatusIs(absl::StatusCode::kFailedPrecondition, "OFFER_REDEEMED"));
}

TEST_F(OfferingTest, WhoHasPaidHasTheOfferEvenIfTheHoldRanOut) {
  MakeOffer(1);
  EXPECT_THAT(Reserve("m1"), IsOk());
  EXPECT_THAT(Reserve("m2", kHoldEnd), IsOk());
  Redeem("m2", kHoldEnd);
  Redeem("m1", kHoldEnd);
  EXPECT_EQ(database_.QueryValue("SELECT redemptions FROM offers"), "2");
}

TEST_F(OfferingTest, ATrialIsOncePerMemberAndGroup) {
  const Offer days = {.id = "days", .kind = Offer::Kind::kFreeDays, .free_days = 30};
  EXPECT_EQ(Trial("m1"), 14);
  EXPECT_EQ(Trial("m1", "membership", &days), 30);
  Consume("m1");
  EXPECT_EQ(Trial("m1"), 0);
  EXPECT_EQ(Trial("m1", "membership", &days), 0);
  EXPECT_EQ(Trial("m1", "donation"), 14);
  EXPECT_EQ(Trial("m2"), 14);
}

TEST_F(OfferingTest, ATrialIsRememberedUnderANewEntryOfTheSameAddress) {
  Consume("m1");
  ASSERT_THAT(Call(server_.StaffToken({"admin"}), &Members::DeleteMember,
                   Text<v1::DeleteMemberRequest>("name: 'members/m1' etag: '*'")),
              IsOk());
  Register("m3", "M1@Example.org");
  EXPECT_EQ(Trial("m3"), 0);
  EXPECT_EQ(Trial("m2"), 14);
}

TEST_F(OfferingTest, ATrialIsRememberedAfterAMerge) {
  Consume("m1");
  ASSERT_THAT(Write([](db::Transaction& tx) {
                CarryTrials(tx, "m1", "m2");
                CarryTrials(tx, "m1", "m2");
                return absl::OkStatus();
              }),
              IsOk());
  EXPECT_EQ(Trial("m2"), 0);
  ASSERT_THAT(Call(Backend(), &Members::UpdateMember,
                   Text<v1::UpdateMemberRequest>("member { name: 'members/m2' etag: '*' email: 'new@example.org' }")),
              IsOk());
  EXPECT_EQ(Trial("m2"), 0);
}

}  // namespace
}  // namespace masthead::memberships
