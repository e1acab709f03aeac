#include "services/memberships/subscriptions/subscription_machine.h"

#include <map>
#include <set>
#include <utility>

#include "common/base/errors.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/status_matchers.h"

namespace masthead::memberships {
namespace {

using ::masthead::testing::IsOk;
using State = Subscription::State;
using Event = SubscriptionEvent;

constexpr State kStates[] = {State::kIncomplete, State::kTrialing, State::kActive, State::kPastDue,
                             State::kPaused,     State::kCanceled, State::kExpired};

const absl::Time kStart = absl::FromUnixSeconds(1'750'000'000);

// A month that ended, or did not, whatever the state.
Subscription In(State state) {
  Subscription subscription;
  subscription.member_id = "nina";
  subscription.id = "s1";
  subscription.state = state;
  subscription.terms = {.price_id = "p", .tier_id = "gold", .money = {"EUR", 500}, .interval = BillingInterval{}};
  subscription.period_start_time = kStart;
  subscription.period_end_time = kStart + absl::Hours(30 * 24);
  subscription.trial_end_time = subscription.period_end_time;
  subscription.period_paid = true;
  return subscription;
}

// Written down apart from the table, by what each state is for.
const std::map<State, std::map<Event, State>> kMoves = {
    {State::kIncomplete,
     {{Event::kStart, State::kActive},
      {Event::kStartTrial, State::kTrialing},
      {Event::kRunOut, State::kExpired},
      {Event::kOvertake, State::kExpired}}},
    {State::kTrialing,
     {{Event::kConvert, State::kActive},
      {Event::kEndTrial, State::kCanceled},
      {Event::kScheduleCancellation, State::kTrialing},
      {Event::kWithdrawCancellation, State::kTrialing},
      {Event::kReachEnd, State::kCanceled},
      {Event::kChange, State::kTrialing},
      {Event::kCancel, State::kCanceled},
      {Event::kRefund, State::kCanceled},
      {Event::kLoseDispute, State::kCanceled}}},
    {State::kActive,
     {{Event::kRenew, State::kActive},
      {Event::kPay, State::kActive},
      {Event::kFailCharge, State::kPastDue},
      {Event::kEndGrace, State::kExpired},
      {Event::kScheduleCancellation, State::kActive},
      {Event::kWithdrawCancellation, State::kActive},
      {Event::kReachEnd, State::kCanceled},
      {Event::kChange, State::kActive},
      {Event::kApplyOffer, State::kActive},
      {Event::kPause, State::kPaused},
      {Event::kPauseWaivingDebt, State::kPaused},
      {Event::kCancel, State::kCanceled},
      {Event::kRefund, State::kCanceled},
      {Event::kLoseDispute, State::kCanceled}}},
    {State::kPastDue,
     {{Event::kPay, State::kActive},
      {Event::kFailCharge, State::kPastDue},
      {Event::kEndGrace, State::kExpired},
      {Event::kPauseWaivingDebt, State::kPaused},
      {Event::kCancel, State::kCanceled},
      {Event::kRefund, State::kCanceled},
      {Event::kLoseDispute, State::kCanceled}}},
    {State::kPaused,
     {{Event::kResume, State::kActive},
      {Event::kCancel, State::kCanceled},
      {Event::kRefund, State::kCanceled},
      {Event::kLoseDispute, State::kCanceled}}},
    {State::kCanceled, {}},
    {State::kExpired, {}},
};

TEST(SubscriptionMachine, EveryPairOfStateAndEventMovesAsWrittenOrIsRefused) {
  for (const State state : kStates) {
    for (const Event event : kSubscriptionEvents) {
      SCOPED_TRACE(std::string(Name(state)) + " " + std::string(Name(event)));
      const auto& moves = kMoves.at(state);
      const auto wanted = moves.find(event);
      EXPECT_EQ(StateAfter(state, event), wanted == moves.end() ? std::nullopt : std::optional<State>(wanted->second));
    }
  }
}

TEST(SubscriptionMachine, ARefusalSaysWhatStoodWhereAndWhatWasTried) {
  Subscription subscription = In(State::kExpired);

  const absl::Status status = Enter(subscription, Event::kResume, kStart);

  EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(ErrorReason(status), "INVALID_TRANSITION");
  EXPECT_EQ(ErrorMetadata(status, "name"), "members/nina/subscriptions/s1");
  EXPECT_EQ(ErrorMetadata(status, "state"), "EXPIRED");
  EXPECT_EQ(ErrorMetadata(status, "event"), "RESUME");
  EXPECT_EQ(subscription.state, State::kExpired);
}

TEST(SubscriptionMachine, EveryEventHasANameOfItsOwn) {
  std::set<absl::string_view> names;
  for (const Event event : kSubscriptionEvents) names.insert(Name(event));
  EXPECT_EQ(names.size(), kSubscriptionEvents.size());
  EXPECT_EQ(names.count(""), 0u);
}

struct Guard {
  const char* what;
  State state;
  Event event;
  void (*given)(Subscription&);
  absl::Duration after;  // The start of the period.
  bool allowed;
};

constexpr absl::Duration kDay = absl::Hours(24);

TEST(SubscriptionMachine, AMoveAsksForMoreThanTheState) {
  const auto nothing = [](Subscription&) {};
  const auto ending = [](Subscription& s) { s.cancel_at_period_end = true; };
  const auto unpaid = [](Subscription& s) { s.period_paid = false; };
  const auto for_good = [](Subscription& s) { s.period_end_time = std::nullopt; };
  const auto with_card = [](Subscription& s) {
    s.collection = Subscription::Collection::kAutomatic;
    s.payment_method = "pm_ok";
  };
  const Guard guards[] = {
      {"a period is renewed when it is over", State::kActive, Event::kRenew, nothing, 30 * kDay, true},
      {"and not before", State::kActive, Event::kRenew, nothing, 29 * kDay, false},
      {"and not if it shall end", State::kActive, Event::kRenew, ending, 30 * kDay, false},
      {"then it ends", State::kActive, Event::kReachEnd, ending, 30 * kDay, true},
      {"not before", State::kActive, Event::kReachEnd, ending, 29 * kDay, false},
      {"and not unasked", State::kActive, Event::kReachEnd, nothing, 30 * kDay, false},
      {"what is bought for good never renews", State::kActive, Event::kRenew, for_good, 9999 * kDay, false},
      {"and cannot be cancelled for later", State::kActive, Event::kScheduleCancellation, for_good, kDay, false},
      {"a trial with a card becomes a subscription", State::kTrialing, Event::kConvert, with_card, 30 * kDay, true},
      {"without one it does not", State::kTrialing, Event::kConvert, nothing, 30 * kDay, false},
      {"it ends", State::kTrialing, Event::kEndTrial, nothing, 30 * kDay, true},
      {"with one it goes on", State::kTrialing, Event::kEndTrial, with_card, 30 * kDay, false},
      {"a cancelled trial does not convert", State::kTrialing, Event::kConvert,
       [](Subscription& s) {
         s.collection = Subscription::Collection::kAutomatic;
         s.payment_method = "pm_ok";
         s.cancel_at_period_end = true;
       },
       30 * kDay, false},
      {"a late failure does not undo a payment", State::kActive, Event::kFailCharge, nothing, kDay, false},
      {"an unpaid period can fail", State::kActive, Event::kFailCharge, unpaid, kDay, true},
      {"grace is waited for", State::kPastDue, Event::kEndGrace, unpaid, 20 * kDay, false},
      {"and then it is over", State::kPastDue, Event::kEndGrace, unpaid, 21 * kDay, true},
      {"who paid is not given up", State::kActive, Event::kEndGrace, nothing, 25 * kDay, false},
      {"a cancellation is withdrawn", State::kActive, Event::kWithdrawCancellation, ending, 29 * kDay, true},
      {"in time", State::kActive, Event::kWithdrawCancellation, ending, 30 * kDay, false},
      {"if there is one", State::kActive, Event::kWithdrawCancellation, nothing, kDay, false},
      {"what shall end is not changed", State::kActive, Event::kChange, ending, kDay, false},
      {"nor paused", State::kActive, Event::kPause, ending, kDay, false},
      {"nor what is not paid", State::kActive, Event::kPause, unpaid, kDay, false},
      {"unless that is let go", State::kPastDue, Event::kPauseWaivingDebt, unpaid, kDay, true},
  };
  for (const Guard& guard : guards) {
    SCOPED_TRACE(guard.what);
    Subscription subscription = In(guard.state);
    guard.given(subscription);
    EXPECT_EQ(CheckEvent(subscription, guard.event, kStart + guard.after).ok(), guard.allowed);
  }
}

}  // namespace
}  // namespace masthead::memberships
