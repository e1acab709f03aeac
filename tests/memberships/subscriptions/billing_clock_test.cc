#include "services/memberships/subscriptions/billing_clock.h"

#include <thread>

#include "common/failpoint/failpoint.h"
#include "gmock/gmock.h"
#include "tests/memberships/subscriptions/subscriber.h"

namespace masthead::memberships {
namespace {

using ::testing::ElementsAre;
using State = Subscription::State;

class BillingClockTest : public SubscriberTest {
 protected:
  std::string Invoices() {
    return Value(
        "SELECT string_agg(period_index || ':' || state, ' ' ORDER BY period_index) FROM invoices WHERE kind = "
        "'CYCLE'");
  }
  // Which periods were charged, and how often.
  std::string Charges() {
    return Value(
        "SELECT coalesce(string_agg(i.period_index || '', ' ' ORDER BY i.period_index, p.attempt), '') "
        "FROM payments p JOIN invoices i ON i.id = p.invoice_id WHERE p.kind = 'CHARGE'");
  }
};

TEST_F(BillingClockTest, NothingIsDueBeforeTheBoundary) {
  Subscribe();
  SetTime("2025-02-28T09:59:00Z");
  EXPECT_EQ(RunClock(), 0);
}

TEST_F(BillingClockTest, APeriodIsBilledAndChargedOnceWhenItBegins) {
  const std::string id = Subscribe();
  SetTime("2025-02-28T10:00:01Z");

  EXPECT_EQ(RunClock(), 1);
  EXPECT_EQ(RunClock(), 0);

  EXPECT_EQ(Invoices(), "0:PAID 1:OPEN");
  EXPECT_EQ(Charges(), "1");
  EXPECT_EQ(absl::ToUnixSeconds(*Load(id).period_end_time), 1743415200) << "31 March, 10:00";
  PayCharge();
  EXPECT_TRUE(Load(id).period_paid);
  EXPECT_THAT(EventsOf("subscription."), ElementsAre("started", "renewed"));
}

TEST_F(BillingClockTest, AnOutageIsCaughtUpWithInvoiceByInvoiceAndTheLastAloneIsCharged) {
  const std::string id = Subscribe();
  SetTime("2025-04-02T00:00:00Z");

  RunClock();

  EXPECT_EQ(Invoices(), "0:PAID 1:OPEN 2:OPEN");
  EXPECT_EQ(Charges(), "2");
  PayCharge();
  EXPECT_EQ(Invoices(), "0:PAID 1:OPEN 2:PAID");
  EXPECT_EQ(Load(id).state, State::kActive);
}

TEST_F(BillingClockTest, TwoClocksBillAPeriodOnce) {
  Subscribe();
  SetTime("2025-02-28T10:00:01Z");
  std::vector<std::thread> clocks;
  for (int i = 0; i < 4; ++i) {
    clocks.emplace_back([&] {
      EXPECT_THAT(RunDueSubscriptions(database_.database(), memberships_.feed(), Soon(), 100), testing::IsOk());
    });
  }
  for (std::thread& clock : clocks) clock.join();
  RunClock();

  EXPECT_EQ(Invoices(), "0:PAID 1:OPEN");
  EXPECT_EQ(Charges(), "1");
}

TEST_F(BillingClockTest, WhereverItBreaksThePeriodIsBilledOnce) {
  Subscribe();
  SetTime("2025-02-28T10:00:01Z");
  for (const char* point :
       {"memberships.billing.claimed", "memberships.billing.invoiced", "memberships.billing.before_commit"}) {
    const failpoint::ScopedFailpoints armed(absl::StrCat(point, "=throw@1"));
    EXPECT_THROW(RunDueSubscriptions(database_.database(), memberships_.feed(), Soon(), 100).IgnoreError(),
                 failpoint::InjectedFailure);
    EXPECT_EQ(Invoices(), "0:PAID") << point;
  }
  RunClock();

  EXPECT_EQ(Invoices(), "0:PAID 1:OPEN");
  EXPECT_EQ(Charges(), "1");
}

TEST_F(BillingClockTest, AFailedChargeIsTriedAgainAndGivenUpAfterTheGrace) {
  const std::string id = Subscribe();
  SetTime("2025-02-28T10:00:01Z");
  RunClock();
  FailChargeOf();
  EXPECT_EQ(Load(id).state, State::kPastDue);
  for (const char* day : {"2025-03-01", "2025-03-03", "2025-03-07", "2025-03-14"}) {
    SetTime(absl::StrCat(day, "T09:59:00Z"));
    EXPECT_EQ(RunClock(), 0) << day;
    SetTime(absl::StrCat(day, "T10:00:01Z"));
    EXPECT_EQ(RunClock(), 1) << day;
    FailChargeOf();
  }
  EXPECT_EQ(Charges(), "1 1 1 1 1");
  SetTime("2025-03-21T09:59:00Z");
  EXPECT_EQ(RunClock(), 0);
  SetTime("2025-03-21T10:00:01Z");
  RunClock();

  EXPECT_EQ(Load(id).state, State::kExpired);
  EXPECT_EQ(Load(id).end_reason, Subscription::EndReason::kPaymentFailed);
  EXPECT_EQ(Invoices(), "0:PAID 1:UNCOLLECTIBLE");
  EXPECT_THAT(EventsOf("subscription."), ElementsAre("started", "renewed", "past_due", "ended"));
  EXPECT_EQ(Value("SELECT sum(annual_after - annual_before) FROM subscription_changes"), "0");
}

TEST_F(BillingClockTest, APaymentWithinTheGraceLosesNoTime) {
  const std::string id = Subscribe();
  SetTime("2025-02-28T10:00:01Z");
  RunClock();
  FailChargeOf();
  SetTime("2025-03-03T10:00:01Z");
  RunClock();

  PayCharge();

  EXPECT_EQ(Load(id).state, State::kActive);
  EXPECT_EQ(absl::ToUnixSeconds(*Load(id).period_end_time), 1743415200);
  EXPECT_THAT(EventsOf("subscription."), ElementsAre("started", "renewed", "past_due", "recovered"));
}

TEST_F(BillingClockTest, ANewCardIsChargedForWhatIsOverdue) {
  const std::string id = Subscribe();
  SetTime("2025-02-28T10:00:01Z");
  RunClock();
  FailChargeOf(/*retryable=*/false);
  SetTime("2025-03-15T00:00:00Z");
  EXPECT_EQ(RunClock(), 0) << "a stolen card is not tried again";

  ASSERT_TRUE(Do<bool>([&](db::Transaction& tx, absl::Time now) {
                UsePaymentMethod(tx, memberships_.feed(), id, "ledgerpay", "pm_new", now);
                return true;
              }).ok());

  EXPECT_EQ(Charges(), "1 1");
  PayCharge();
  EXPECT_EQ(Load(id).state, State::kActive);
}

TEST_F(BillingClockTest, ACancelledSubscriptionEndsWithItsPeriodAndIsNotBilled) {
  const std::string id = Subscribe();
  v1::CancelSubscriptionRequest request;
  request.set_name(Get(id).name());
  request.set_etag("*");
  request.set_reason(v1::TOO_EXPENSIVE);
  ASSERT_THAT(Call(Backend(), &Subscriptions::CancelSubscription, request), testing::IsOk());
  EXPECT_EQ(Get(id).access_end_time().seconds(), 1740736800) << "28 February, 10:00";
  SetTime("2025-03-15T00:00:00Z");

  RunClock();

  EXPECT_EQ(Get(id).state(), v1::Subscription::CANCELED);
  EXPECT_EQ(Get(id).end_time().seconds(), 1740736800);
  EXPECT_EQ(Invoices(), "0:PAID");
}

TEST_F(BillingClockTest, ATrialIsRemindedOfAndThenCharged) {
  MakePrice("trial", 500, "MONTH", /*trial_days=*/14);
  const Checkout checkout = OpenCheckout("c", "trial", /*paid=*/0, 500);
  ASSERT_EQ(Pay(checkout), Settlement::kKept);
  EXPECT_EQ(Load(checkout.subscription_id).state, State::kTrialing);
  SetTime("2025-02-11T10:00:01Z");
  RunClock();
  EXPECT_THAT(EventsOf("subscription."), ElementsAre("started", "trial_ending"));
  SetTime("2025-02-14T10:00:01Z");
  RunClock();

  EXPECT_EQ(Load(checkout.subscription_id).state, State::kActive);
  EXPECT_EQ(Invoices(), "0:OPEN");
  EXPECT_EQ(Charges(), "0");
}

TEST_F(BillingClockTest, ATrialWithoutAPaymentMethodEnds) {
  MakePrice("trial", 500, "MONTH", /*trial_days=*/14);
  const Checkout checkout = OpenCheckout("c", "trial", /*paid=*/0, 500);
  ASSERT_EQ(Pay(checkout, /*method=*/""), Settlement::kKept);
  SetTime("2025-03-14T10:00:01Z");
  RunClock();

  EXPECT_EQ(Load(checkout.subscription_id).end_reason, Subscription::EndReason::kNoPaymentMethod);
  EXPECT_EQ(Invoices(), "");
}

TEST_F(BillingClockTest, WhoPaysByTransferIsWaitedFor) {
  const Checkout checkout = OpenCheckout("c", "monthly", 500, 500);
  ASSERT_EQ(Pay(checkout, /*method=*/""), Settlement::kKept);
  SetTime("2025-02-28T10:00:01Z");
  RunClock();
  EXPECT_EQ(Load(checkout.subscription_id).state, State::kActive);
  EXPECT_EQ(Charges(), "");
  SetTime("2025-03-21T10:00:01Z");
  RunClock();

  EXPECT_EQ(Load(checkout.subscription_id).state, State::kExpired);
}

TEST_F(BillingClockTest, APauseEndsByItselfWithANewPeriod) {
  const std::string id = Subscribe();
  v1::PauseSubscriptionRequest request;
  request.set_name(Get(id).name());
  request.set_etag("*");
  request.mutable_resume_time()->set_seconds(1749974400);  // 15 June, 08:00.
  ASSERT_THAT(Call(Backend(), &Subscriptions::PauseSubscription, request), testing::IsOk());
  SetTime("2025-06-15T08:00:01Z");

  RunClock();

  EXPECT_EQ(Load(id).state, State::kActive);
  EXPECT_EQ(Invoices(), "0:PAID 1:OPEN");
  EXPECT_EQ(Charges(), "1");
}

TEST_F(BillingClockTest, OfTwoCheckoutsTheFirstThatIsPaidCounts) {
  const Checkout first = OpenCheckout("a", "monthly", 500, 500);
  const Checkout second = OpenCheckout("b", "monthly", 500, 500);

  EXPECT_EQ(Pay(second), Settlement::kKept);
  EXPECT_EQ(Pay(first), Settlement::kOvertaken);
  EXPECT_EQ(Pay(second), Settlement::kKept) << "told twice";
  EXPECT_EQ(Pay(first), Settlement::kTooLate);

  EXPECT_EQ(Load(first.subscription_id).end_reason, Subscription::EndReason::kOvertaken);
  EXPECT_EQ(Invoices(), "0:PAID");
}

TEST_F(BillingClockTest, ACheckoutThatRanOutStaysSo) {
  const Checkout checkout = OpenCheckout("a", "monthly", 500, 500);
  ASSERT_TRUE(Do<bool>([&](db::Transaction& tx, absl::Time now) {
                ExpireSubscription(tx, memberships_.feed(), checkout.subscription_id, now);
                return true;
              }).ok());

  EXPECT_EQ(Pay(checkout), Settlement::kTooLate);
  EXPECT_EQ(Load(checkout.subscription_id).state, State::kExpired);
}

TEST_F(BillingClockTest, TheReaderHasTheTierAsLongAsItIsPaidAndNotLonger) {
  Subscribe();
  const auto end = [&] {
    return Value("SELECT date_trunc('second', end_time AT TIME ZONE 'UTC') FROM grants WHERE revoke_time IS NULL");
  };
  EXPECT_EQ(end(), "2025-03-21 10:00:00") << "the month and the grace";
  SetTime("2025-02-28T10:00:01Z");
  RunClock();
  EXPECT_EQ(end(), "2025-03-21 10:00:00") << "not paid yet";
  PayCharge();
  EXPECT_EQ(end(), "2025-04-21 10:00:00");
}

}  // namespace
}  // namespace masthead::memberships
