#include "services/memberships/collecting/inbox.h"

#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_replace.h"
#include "common/failpoint/failpoint.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/memberships/collecting/asking.h"
#include "services/memberships/collecting/reconciling.h"
#include "services/memberships/payments/ledgerpay/ledgerpay_event.h"
#include "tests/memberships/payments/payments_newsroom.h"

namespace masthead::memberships {
namespace {

using ::masthead::testing::IsOk;
using ::masthead::testing::IsOkAndHolds;
using ::masthead::testing::StatusIs;
using State = InboxEvent::State;

MATCHER_P(IsOf, state, "") {
  *result_listener << (arg.ok() ? std::string(Name(arg->state)) : arg.status().ToString());
  return arg.ok() && arg->state == state;
}

class InboxTest : public PaymentsTest {
 protected:
  // A settled payment that the books have, as ledgerpay tells of it.
  std::string Settled(const std::string& payment, const std::string& event_id = "lpe_1") {
    return ledgerpay::FormatEvent(event_id, clock_.Now(), /*livemode=*/false,
                                  {.kind = ProviderFact::Kind::kPaymentSettled,
                                   .payment_ref = absl::StrCat("lpch_", payment),
                                   .payment_key = payment,
                                   .money = {"EUR", 500}});
  }
};

TEST_F(InboxTest, LetsAnEventHaveItsEffectOnce) {
  const std::string payment = MakePayment("pm_ok");
  const std::string body = Settled(payment);
  EXPECT_THAT(Deliver(body), IsOf(State::kApplied));
  EXPECT_THAT(Deliver(body), IsOf(State::kDuplicate));
  EXPECT_THAT(Deliver(body), IsOf(State::kDuplicate));
  EXPECT_EQ(StateOf(payment), "SUCCEEDED");
  EXPECT_EQ(Count("provider_events"), 1);
  EXPECT_EQ(database_.QueryValue("SELECT state FROM provider_events"), "APPLIED");
}

// Two endpoints of ours were told the same.
TEST_F(InboxTest, KnowsAFactThatTwoEventsTell) {
  const std::string payment = MakePayment("pm_ok");
  EXPECT_THAT(Deliver(Settled(payment, "lpe_1")), IsOf(State::kApplied));
  EXPECT_THAT(Deliver(Settled(payment, "lpe_2")), IsOf(State::kDuplicate));
  EXPECT_EQ(Count("provider_events"), 2);
}

// It waits for what it is about.
TEST_F(InboxTest, ParksWhatCameTooEarlyAndAppliesItWithWhatItIsAbout) {
  const std::string payment = MakePayment("pm_ok");
  const std::string early = ledgerpay::FormatEvent(
      "lpe_0", clock_.Now(), false,
      {.kind = ProviderFact::Kind::kRefunded, .payment_ref = absl::StrCat("lpch_", payment), .money = {"EUR", 300}});
  EXPECT_THAT(Deliver(early), IsOf(State::kParked));
  EXPECT_THAT(Deliver(Settled(payment)), IsOf(State::kApplied));
  EXPECT_EQ(database_.QueryValue("SELECT refunded FROM payments"), "300");
  EXPECT_EQ(Count("provider_events WHERE state = 'APPLIED'"), 2);
}

// Never refused, so that the provider does not tell it for days.
TEST_F(InboxTest, IgnoresAfterThreeDaysWhatWasNeverOurs) {
  EXPECT_THAT(Deliver(Settled("not-ours")), IsOf(State::kParked));
  EXPECT_THAT(inbox_.RetryParked({}), IsOkAndHolds(false));
  for (int hours = 0; hours < 71; ++hours) {
    MoveTime(absl::Hours(1));
    ASSERT_THAT(inbox_.RetryParked({}), IsOkAndHolds(true));
    ASSERT_EQ(database_.QueryValue("SELECT state FROM provider_events"), "PARKED");
  }
  MoveTime(absl::Hours(2));
  EXPECT_THAT(inbox_.RetryParked({}), IsOkAndHolds(true));
  EXPECT_EQ(database_.QueryValue("SELECT state FROM provider_events"), "IGNORED");
  EXPECT_THAT(inbox_.RetryParked({}), IsOkAndHolds(false));
}

// The effect and its mark are one transaction, whichever side of the commit it breaks on.
TEST_F(InboxTest, AppliesOnceAcrossACrashBeforeTheCommit) {
  const std::string payment = MakePayment("pm_ok");
  {
    const failpoint::ScopedFailpoints fault("memberships.inbox.applied=throw@1");
    EXPECT_THROW(Deliver(Settled(payment)).IgnoreError(), failpoint::InjectedFailure);
  }
  EXPECT_EQ(StateOf(payment), "CREATED");
  EXPECT_EQ(Count("provider_events"), 0);
  EXPECT_THAT(Deliver(Settled(payment)), IsOf(State::kApplied));
}

TEST_F(InboxTest, AppliesOnceAcrossACrashAfterTheCommit) {
  const std::string payment = MakePayment("pm_ok");
  {
    const failpoint::ScopedFailpoints fault("db.commit=done_then_throw@1");
    // The commit's answer is lost; the unit runs again and finds its own effect.
    EXPECT_THAT(Deliver(Settled(payment)), IsOf(State::kDuplicate));
  }
  EXPECT_EQ(StateOf(payment), "SUCCEEDED");
  EXPECT_THAT(Deliver(Settled(payment)), IsOf(State::kDuplicate));
}

// Test mode is not live mode, and fields move between versions.
TEST_F(InboxTest, KeepsEventsOfAnotherModeOrVersionForSomebodyToLookAt) {
  const std::string payment = MakePayment("pm_ok");
  const std::string live = absl::StrReplaceAll(Settled(payment), {{"\"livemode\":false", "\"livemode\":true"}});
  EXPECT_THAT(Deliver(live), StatusIs(absl::StatusCode::kFailedPrecondition, "PROVIDER_EVENT_REJECTED"));
  const std::string newer =
      absl::StrReplaceAll(Settled(payment, "lpe_2"), {{"\"version\":\"1\"", "\"version\":\"2\""}});
  EXPECT_THAT(Deliver(newer), StatusIs(absl::StatusCode::kFailedPrecondition, "PROVIDER_EVENT_REJECTED"));
  EXPECT_EQ(Count("provider_events WHERE state = 'REJECTED'"), 2);
  EXPECT_EQ(StateOf(payment), "CREATED");
}

// One waits on the other's row, and then finds that it had the effect.
TEST_F(InboxTest, LetsOneOfSeveralWhoTellTheSameAtOnceHaveTheEffect) {
  const std::string payment = MakePayment("pm_ok");
  const std::string body = Settled(payment);
  std::vector<State> states(8);
  std::vector<std::thread> tellers;
  for (State& state : states) {
    tellers.emplace_back([&] {
      const absl::StatusOr<InboxEvent> event = Deliver(body);
      ASSERT_THAT(event, IsOk());
      state = event->state;
    });
  }
  for (std::thread& teller : tellers) teller.join();
  EXPECT_THAT(states, ::testing::Contains(State::kApplied).Times(1));
  EXPECT_THAT(states, ::testing::Contains(State::kDuplicate).Times(7));
  EXPECT_EQ(Count("provider_facts"), 1);
}

TEST_F(InboxTest, TakesNothingThatIsNotSignedByItsProvider) {
  const std::string body = Settled("any");
  const auto unauthenticated = StatusIs(absl::StatusCode::kUnauthenticated, "BAD_SIGNATURE");
  EXPECT_THAT(inbox_.Ingest({}, "ledgerpay", body, {}), unauthenticated);
  EXPECT_THAT(inbox_.Ingest({}, "ledgerpay", body + " ", Signed(body)), unauthenticated);
  EXPECT_THAT(inbox_.Ingest({}, "stripe", body, Signed(body)),
              StatusIs(absl::StatusCode::kNotFound, "PROVIDER_NOT_FOUND"));
  EXPECT_THAT(Deliver("{}"), StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_EQ(Count("provider_events"), 0);
}

TEST_F(InboxTest, FindsInTheProvidersListWhatNeverReachedUs) {
  for (int i = 0; i < 5; ++i) {
    MakePayment("pm_ok");
    ASSERT_THAT(AskProviders(database_.database(), feed_, *providers_, {}), IsOkAndHolds(1));
  }
  const std::vector<std::string> told = Told();
  ASSERT_EQ(told.size(), 5u);
  EXPECT_THAT(Deliver(told[2]), IsOk());  // The only one that came.

  EXPECT_THAT(Reconcile(database_.database(), inbox_, *providers_, {}), IsOkAndHolds(4));
  EXPECT_EQ(Count("provider_events"), 5);

  EXPECT_THAT(Reconcile(database_.database(), inbox_, *providers_, {}), IsOkAndHolds(0));
  MakePayment("pm_ok");
  ASSERT_THAT(AskProviders(database_.database(), feed_, *providers_, {}), IsOkAndHolds(1));
  MoveTime(absl::Minutes(11));
  EXPECT_THAT(Reconcile(database_.database(), inbox_, *providers_, {}), IsOkAndHolds(1));
}

}  // namespace
}  // namespace masthead::memberships
