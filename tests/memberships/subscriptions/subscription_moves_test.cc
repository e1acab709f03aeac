#include "services/memberships/subscriptions/subscription_moves.h"

#include <functional>
#include <random>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/memberships/subscriptions/subscription_machine.h"
#include "tests/support/status_matchers.h"

namespace masthead::memberships {
namespace {

using ::masthead::testing::IsOk;
using ::masthead::testing::IsOkAndHolds;
using State = Subscription::State;

constexpr absl::Duration kDay = absl::Hours(24);

absl::Time At(const char* time) {
  absl::Time parsed;
  std::string error;
  EXPECT_TRUE(absl::ParseTime(absl::RFC3339_full, time, &parsed, &error)) << error;
  return parsed;
}

Subscription Opened() {
  Subscription subscription;
  subscription.member_id = "nina";
  subscription.id = "s1";
  subscription.terms = {.price_id = "p", .tier_id = "gold", .money = {"EUR", 500}, .interval = BillingInterval{}};
  subscription.collection = Subscription::Collection::kAutomatic;
  subscription.payment_method = "pm_ok";
  return subscription;
}

Subscription Started(const char* time) {
  Subscription subscription = Opened();
  EXPECT_THAT(Start(subscription, /*paid=*/true, At(time)), IsOk());
  return subscription;
}

SubscriptionTerms Yearly() {
  return {.price_id = "y",
          .tier_id = "gold",
          .money = {"EUR", 5000},
          .interval = BillingInterval{BillingInterval::Unit::kYear, 1}};
}

std::optional<absl::Time> AccessEnd(const Subscription& subscription) {
  const std::optional<SubscriptionAccess> access = AccessOf(subscription);
  return access ? access->end_time : std::nullopt;
}

TEST(SubscriptionMoves, PeriodsAreCountedFromTheAnchorAndNotFromTheLastOne) {
  Subscription subscription = Started("2025-01-31T10:00:00Z");
  for (const char* boundary : {"2025-02-28T10:00:00Z", "2025-03-31T10:00:00Z", "2025-04-30T10:00:00Z"}) {
    EXPECT_EQ(subscription.period_end_time, At(boundary));
    ASSERT_THAT(Renew(subscription, std::nullopt, At(boundary)), IsOk());
    EXPECT_EQ(subscription.period_start_time, At(boundary));
    EXPECT_FALSE(subscription.period_paid);
  }
  EXPECT_EQ(subscription.period_index, 3);
}

TEST(SubscriptionMoves, WhoPaysReadsOnWhileOurWorkerIsDown) {
  Subscription subscription = Started("2025-01-31T10:00:00Z");

  EXPECT_EQ(AccessEnd(subscription), At("2025-02-28T10:00:00Z") + 21 * kDay);
  ASSERT_THAT(ScheduleCancellation(subscription, "", At("2025-02-10T00:00:00Z")), IsOk());
  EXPECT_EQ(AccessEnd(subscription), At("2025-02-28T10:00:00Z")) << "nothing follows, so there is nothing to wait for";
}

TEST(SubscriptionMoves, ARenewalTakesNothingAndGivesNothingUntilItIsPaid) {
  Subscription subscription = Started("2025-01-31T10:00:00Z");
  const std::optional<SubscriptionAccess> before = AccessOf(subscription);

  ASSERT_THAT(Renew(subscription, std::nullopt, At("2025-02-28T10:00:00Z")), IsOk());
  EXPECT_EQ(AccessOf(subscription), before);
  ASSERT_THAT(Pay(subscription, At("2025-02-28T10:00:05Z")), IsOk());
  EXPECT_EQ(AccessEnd(subscription), At("2025-03-31T10:00:00Z") + 21 * kDay);
}

TEST(SubscriptionMoves, ChargesAreTriedAgainOneThreeSevenAndFourteenDaysAfterTheyWereDue) {
  Subscription subscription = Started("2025-01-31T10:00:00Z");
  const absl::Time due = At("2025-02-28T10:00:00Z");
  ASSERT_THAT(Renew(subscription, std::nullopt, due), IsOk());
  absl::Time now = due;
  for (const int days : {1, 3, 7, 14}) {
    ASSERT_THAT(FailCharge(subscription, /*retryable=*/true, now + absl::Seconds(3)), IsOk());
    EXPECT_EQ(subscription.retry_time, due + days * kDay);
    EXPECT_EQ(NextActionTime(subscription), due + days * kDay);
    now = *subscription.retry_time;
  }
  ASSERT_THAT(FailCharge(subscription, /*retryable=*/true, now), IsOk());
  EXPECT_EQ(NextActionTime(subscription), due + 21 * kDay) << "then it is waited for the end of the grace";
  ASSERT_THAT(EndGrace(subscription, due + 21 * kDay), IsOk());
  EXPECT_EQ(subscription.state, State::kExpired);
  EXPECT_EQ(subscription.end_reason, Subscription::EndReason::kPaymentFailed);
  EXPECT_EQ(AccessOf(subscription), std::nullopt);
}

TEST(SubscriptionMoves, AStolenCardIsNotChargedAgain) {
  Subscription subscription = Started("2025-01-31T10:00:00Z");
  const absl::Time due = At("2025-02-28T10:00:00Z");
  ASSERT_THAT(Renew(subscription, std::nullopt, due), IsOk());

  ASSERT_THAT(FailCharge(subscription, /*retryable=*/false, due), IsOk());

  EXPECT_EQ(NextActionTime(subscription), due + 21 * kDay);
}

TEST(SubscriptionMoves, ALateFailureBringsNoBurstOfCharges) {
  Subscription subscription = Started("2025-01-31T10:00:00Z");
  const absl::Time due = At("2025-02-28T10:00:00Z");
  ASSERT_THAT(Renew(subscription, std::nullopt, due), IsOk());

  ASSERT_THAT(FailCharge(subscription, /*retryable=*/true, due + 8 * kDay), IsOk());

  EXPECT_EQ(subscription.retry_time, due + 9 * kDay);
}

TEST(SubscriptionMoves, WhoPaysLateKeepsTheDayOfTheMonth) {
  Subscription subscription = Started("2025-01-31T10:00:00Z");
  ASSERT_THAT(Renew(subscription, std::nullopt, At("2025-02-28T10:00:00Z")), IsOk());
  ASSERT_THAT(FailCharge(subscription, true, At("2025-02-28T10:00:01Z")), IsOk());

  ASSERT_THAT(Pay(subscription, At("2025-03-09T00:00:00Z")), IsOk());

  EXPECT_EQ(subscription.state, State::kActive);
  EXPECT_EQ(subscription.period_end_time, At("2025-03-31T10:00:00Z"));
  EXPECT_EQ(subscription.dunning_attempts, 0);
}

TEST(SubscriptionMoves, ATrialBecomesTheFirstPeriodThatIsPaidWhenItEnds) {
  Subscription subscription = Opened();
  ASSERT_THAT(StartTrial(subscription, 14, At("2025-01-17T10:00:00Z")), IsOk());
  EXPECT_EQ(subscription.trial_end_time, At("2025-01-31T10:00:00Z"));
  EXPECT_EQ(NextActionTime(subscription), At("2025-01-28T10:00:00Z")) << "to remind of the end";
  EXPECT_EQ(AnnualRevenueOf(subscription), 0);
  subscription.trial_reminded = true;

  ASSERT_THAT(Convert(subscription, At("2025-01-31T10:00:02Z")), IsOk());

  EXPECT_EQ(subscription.period_index, 0);
  EXPECT_EQ(subscription.period_start_time, At("2025-01-31T10:00:00Z"));
  EXPECT_EQ(subscription.period_end_time, At("2025-02-28T10:00:00Z"));
  EXPECT_EQ(AnnualRevenueOf(subscription), 6000);
}

TEST(SubscriptionMoves, AShortTrialIsNotRemindedOfAtItsStart) {
  Subscription subscription = Opened();
  ASSERT_THAT(StartTrial(subscription, 3, At("2025-01-17T10:00:00Z")), IsOk());
  EXPECT_EQ(NextActionTime(subscription), At("2025-01-20T10:00:00Z"));
}

TEST(SubscriptionMoves, OtherTermsOfTheSameIntervalKeepThePeriod) {
  Subscription subscription = Started("2025-01-31T10:00:00Z");
  SubscriptionTerms dearer = subscription.terms;
  dearer.money.amount = 1000;

  ASSERT_THAT(Change(subscription, dearer, At("2025-02-10T00:00:00Z"), At("2025-02-10T00:00:00Z")), IsOk());

  EXPECT_EQ(subscription.period_index, 0);
  EXPECT_EQ(subscription.period_end_time, At("2025-02-28T10:00:00Z"));
  EXPECT_EQ(AnnualRevenueOf(subscription), 12000);
}

TEST(SubscriptionMoves, AnotherIntervalBeginsAPeriodFromWhichTheNextAreCounted) {
  Subscription subscription = Started("2024-01-31T10:00:00Z");

  ASSERT_THAT(Change(subscription, Yearly(), At("2024-02-29T12:00:00Z"), At("2024-02-29T12:00:00Z")).code(),
              absl::StatusCode::kOk);

  EXPECT_EQ(subscription.period_index, 1);
  EXPECT_TRUE(subscription.period_paid);
  EXPECT_EQ(subscription.period_end_time, At("2025-02-28T12:00:00Z"));
  EXPECT_EQ(BoundaryOf(subscription, 5), At("2028-02-29T12:00:00Z"));
}

TEST(SubscriptionMoves, ADowngradeWaitsForTheBoundary) {
  Subscription subscription = Started("2025-01-31T10:00:00Z");

  ASSERT_THAT(Renew(subscription, Yearly(), At("2025-02-28T10:00:00Z")), IsOk());

  EXPECT_EQ(subscription.terms.price_id, "y");
  EXPECT_EQ(subscription.anchor_time, At("2025-02-28T10:00:00Z"));
  EXPECT_EQ(subscription.period_end_time, At("2026-02-28T10:00:00Z"));
}

TEST(SubscriptionMoves, APauseWithinThePeriodChangesNothing) {
  Subscription subscription = Started("2025-01-31T10:00:00Z");
  ASSERT_THAT(Pause(subscription, std::nullopt, false, At("2025-02-05T00:00:00Z")), IsOk());
  EXPECT_EQ(AccessEnd(subscription), At("2025-02-28T10:00:00Z"));

  ASSERT_THAT(Resume(subscription, std::nullopt, At("2025-02-20T00:00:00Z")), IsOkAndHolds(false));

  EXPECT_EQ(subscription.period_end_time, At("2025-02-28T10:00:00Z"));
  EXPECT_TRUE(subscription.period_paid);
}

TEST(SubscriptionMoves, ALongerPauseEndsWithANewPeriodThatCountsFromThen) {
  Subscription subscription = Started("2025-01-31T10:00:00Z");
  ASSERT_THAT(Pause(subscription, At("2025-06-15T08:00:00Z"), false, At("2025-02-05T00:00:00Z")), IsOk());
  EXPECT_EQ(NextActionTime(subscription), At("2025-06-15T08:00:00Z"));

  ASSERT_THAT(Resume(subscription, std::nullopt, At("2025-06-15T08:00:00Z")), IsOkAndHolds(true));

  EXPECT_EQ(subscription.period_index, 1);
  EXPECT_EQ(subscription.period_end_time, At("2025-07-15T08:00:00Z"));
  EXPECT_FALSE(subscription.period_paid);
}

TEST(SubscriptionMoves, AWaivedPeriodIsNotReadEither) {
  Subscription subscription = Started("2025-01-31T10:00:00Z");
  ASSERT_THAT(Renew(subscription, std::nullopt, At("2025-02-28T10:00:00Z")), IsOk());
  ASSERT_THAT(FailCharge(subscription, true, At("2025-02-28T10:00:01Z")), IsOk());

  ASSERT_THAT(Pause(subscription, std::nullopt, /*waive_debt=*/true, At("2025-03-05T00:00:00Z")), IsOk());

  EXPECT_EQ(AccessEnd(subscription), At("2025-02-28T10:00:00Z"));
}

TEST(SubscriptionMoves, WhoCancelsAtOnceMayKeepWhatIsPaid) {
  Subscription keeping = Started("2025-01-31T10:00:00Z");
  Subscription leaving = keeping;
  ASSERT_THAT(Cancel(keeping, "OTHER", /*keeps_paid_time=*/true, At("2025-02-05T00:00:00Z")), IsOk());
  ASSERT_THAT(Cancel(leaving, "OTHER", /*keeps_paid_time=*/false, At("2025-02-05T00:00:00Z")), IsOk());

  EXPECT_EQ(AccessEnd(keeping), At("2025-02-28T10:00:00Z"));
  EXPECT_EQ(AccessOf(leaving), std::nullopt);
}

TEST(SubscriptionMoves, FreeDaysMakeThePeriodLongerAndOtherOffersDoNot) {
  Subscription subscription = Started("2025-01-31T10:00:00Z");
  ASSERT_THAT(ScheduleCancellation(subscription, "UNUSED", At("2025-02-05T00:00:00Z")), IsOk());
  ASSERT_THAT(TakeOffer(subscription, 0, At("2025-02-05T00:00:00Z")), IsOk());
  EXPECT_FALSE(subscription.cancel_at_period_end);
  EXPECT_EQ(BoundaryOf(subscription, 2), At("2025-03-31T10:00:00Z"));

  ASSERT_THAT(TakeOffer(subscription, 30, At("2025-02-06T00:00:00Z")), IsOk());

  EXPECT_EQ(subscription.period_end_time, At("2025-03-30T10:00:00Z"));
  EXPECT_EQ(AnnualRevenueOf(subscription), 6000) << "a month for nothing takes nothing from what comes again";
}

TEST(SubscriptionMoves, WhatIsBoughtForGoodIsReadForGood) {
  Subscription subscription = Opened();
  subscription.terms.interval = std::nullopt;
  ASSERT_THAT(Start(subscription, true, At("2025-01-31T10:00:00Z")), IsOk());

  EXPECT_EQ(AccessOf(subscription), (SubscriptionAccess{"gold", std::nullopt}));
  EXPECT_EQ(NextActionTime(subscription), std::nullopt);
  EXPECT_EQ(AnnualRevenueOf(subscription), 0);
}

// A life of a subscription: any moves in any order, at times that only rise. Whatever is refused changes nothing.
class Life {
 public:
  explicit Life(uint64_t seed) : random_(seed) {
    subscription_.collection = Below(3) == 0 ? Subscription::Collection::kManual : Subscription::Collection::kAutomatic;
    subscription_.terms.grace_days = static_cast<int32_t>(Below(31));
  }

  void Step() {
    now_ += absl::Hours(1 + static_cast<int64_t>(Below(24 * 20)));
    const Subscription before = subscription_;
    const bool moved = Try(Below(20));
    Check(before, moved);
  }

 private:
  uint64_t Below(uint64_t bound) { return random_() % bound; }

  bool Try(uint64_t move) {
    Subscription& s = subscription_;
    const std::optional<SubscriptionTerms> terms =
        Below(4) == 0 ? std::optional<SubscriptionTerms>(Yearly()) : std::nullopt;
    switch (move) {
      case 0:
        return Start(s, Below(2) == 0, now_).ok();
      case 1:
        return StartTrial(s, static_cast<int32_t>(1 + Below(30)), now_).ok();
      case 2:
        return Below(20) == 0 && RunOut(s, now_).ok();
      case 3:
        return Convert(s, now_).ok();
      case 4:
        return EndTrial(s, now_).ok();
      case 5:
      case 6:
        return Renew(s, terms, now_).ok();
      case 7:
      case 8:
        return Pay(s, now_).ok();
      case 9:
        return FailCharge(s, Below(2) == 0, now_).ok();
      case 10:
        return EndGrace(s, now_).ok();
      case 11:
        return ScheduleCancellation(s, "OTHER", now_).ok();
      case 12:
        return WithdrawCancellation(s, now_).ok();
      case 13:
        return ReachEnd(s, now_).ok();
      case 14:
        return Below(10) == 0 && Cancel(s, "OTHER", Below(2) == 0, now_).ok();
      case 15:
        return Change(s, Yearly(), now_, now_).ok();
      case 16:
        return Pause(s, std::nullopt, Below(2) == 0, now_).ok();
      case 17:
        return Resume(s, terms, now_).ok();
      case 18:
        return Below(10) == 0 && EndAtOnce(s, Subscription::EndReason::kRefunded, now_).ok();
      default:
        return Overtake(s, now_).ok() && false;
    }
  }

  void Check(const Subscription& before, bool moved) {
    const bool was_over = before.state == State::kCanceled || before.state == State::kExpired;
    if (was_over) {
      ASSERT_FALSE(moved) << "what is over stays over";
      ASSERT_EQ(subscription_.state, before.state);
    }
    const int64_t step = subscription_.period_index - before.period_index;
    ASSERT_TRUE(step == 0 || step == 1) << "periods are not jumped over";
    const std::optional<SubscriptionAccess> access = AccessOf(subscription_);
    if (IsLive(subscription_.state) && subscription_.period_end_time) {
      ASSERT_LE(subscription_.period_start_time, *subscription_.period_end_time);
      ASSERT_TRUE(access.has_value() && access->end_time.has_value());
      const absl::Time paid_until =
          subscription_.period_paid ? *subscription_.period_end_time : subscription_.period_start_time;
      ASSERT_LE(*access->end_time, paid_until + subscription_.terms.grace_days * kDay)
          << "what is paid and the grace, never more";
    }
    if (subscription_.state == State::kActive) {
      ASSERT_EQ(subscription_.period_end_time, BoundaryOf(subscription_, subscription_.period_index + 1));
    }
    ASSERT_EQ(subscription_.end_time.has_value(),
              subscription_.state == State::kCanceled || subscription_.state == State::kExpired);
    ASSERT_FALSE(subscription_.end_time && NextActionTime(subscription_)) << "nothing is left to do";
  }

  std::mt19937_64 random_;
  Subscription subscription_ = Opened();
  absl::Time now_ = absl::FromUnixSeconds(1'700'000'000);
};

TEST(SubscriptionMoves, HoldWhateverHappensInWhateverOrder) {
  const uint64_t seed = std::random_device{}();
  SCOPED_TRACE("seed " + std::to_string(seed));
  for (uint64_t life = 0; life < 400; ++life) {
    Life subscription(seed + life);
    for (int step = 0; step < 60; ++step) {
      subscription.Step();
      if (::testing::Test::HasFatalFailure()) return;
    }
  }
}

}  // namespace
}  // namespace masthead::memberships
