#include "services/memberships/subscriptions/subscription_machine.h"

#include "common/base/status_macros.h"
#include "services/memberships/errors.h"

namespace masthead::memberships {
namespace {

using State = Subscription::State;
using Event = SubscriptionEvent;

struct Row {
  State from;
  Event event;
  State to;
};

constexpr Row kTable[] = {
    {State::kIncomplete, Event::kStart, State::kActive},
    {State::kIncomplete, Event::kStartTrial, State::kTrialing},
    {State::kIncomplete, Event::kRunOut, State::kExpired},
    {State::kIncomplete, Event::kOvertake, State::kExpired},

    {State::kTrialing, Event::kConvert, State::kActive},
    {State::kTrialing, Event::kEndTrial, State::kCanceled},
    {State::kTrialing, Event::kScheduleCancellation, State::kTrialing},
    {State::kTrialing, Event::kWithdrawCancellation, State::kTrialing},
    {State::kTrialing, Event::kReachEnd, State::kCanceled},
    {State::kTrialing, Event::kChange, State::kTrialing},
    {State::kTrialing, Event::kCancel, State::kCanceled},
    {State::kTrialing, Event::kRefund, State::kCanceled},
    {State::kTrialing, Event::kLoseDispute, State::kCanceled},

    {State::kActive, Event::kRenew, State::kActive},
    {State::kActive, Event::kPay, State::kActive},
    {State::kActive, Event::kFailCharge, State::kPastDue},
    {State::kActive, Event::kEndGrace, State::kExpired},
    {State::kActive, Event::kScheduleCancellation, State::kActive},
    {State::kActive, Event::kWithdrawCancellation, State::kActive},
    {State::kActive, Event::kReachEnd, State::kCanceled},
    {State::kActive, Event::kChange, State::kActive},
    {State::kActive, Event::kApplyOffer, State::kActive},
    {State::kActive, Event::kPause, State::kPaused},
    {State::kActive, Event::kPauseWaivingDebt, State::kPaused},
    {State::kActive, Event::kCancel, State::kCanceled},
    {State::kActive, Event::kRefund, State::kCanceled},
    {State::kActive, Event::kLoseDispute, State::kCanceled},

    {State::kPastDue, Event::kPay, State::kActive},
    {State::kPastDue, Event::kFailCharge, State::kPastDue},
    {State::kPastDue, Event::kEndGrace, State::kExpired},
    {State::kPastDue, Event::kPauseWaivingDebt, State::kPaused},
    {State::kPastDue, Event::kCancel, State::kCanceled},
    {State::kPastDue, Event::kRefund, State::kCanceled},
    {State::kPastDue, Event::kLoseDispute, State::kCanceled},

    {State::kPaused, Event::kResume, State::kActive},
    {State::kPaused, Event::kCancel, State::kCanceled},
    {State::kPaused, Event::kRefund, State::kCanceled},
    {State::kPaused, Event::kLoseDispute, State::kCanceled},
};

bool PeriodIsOver(const Subscription& subscription, absl::Time now) {
  return subscription.period_end_time && *subscription.period_end_time <= now;
}

// What a move asks for beside the state.
bool Holds(const Subscription& subscription, Event event, absl::Time now) {
  const bool recurs = subscription.period_end_time.has_value();
  const bool ends = subscription.cancel_at_period_end;
  switch (event) {
    case Event::kConvert:
      return PeriodIsOver(subscription, now) && !ends && CollectsByItself(subscription);
    case Event::kEndTrial:
      return PeriodIsOver(subscription, now) && !ends && !CollectsByItself(subscription);
    case Event::kRenew:
      return PeriodIsOver(subscription, now) && !ends;
    case Event::kReachEnd:
      return PeriodIsOver(subscription, now) && ends;
    case Event::kFailCharge:
      return !subscription.period_paid;
    case Event::kEndGrace:
      return !subscription.period_paid && GraceEndTime(subscription) <= now;
    case Event::kScheduleCancellation:
    case Event::kApplyOffer:
      return recurs;
    case Event::kWithdrawCancellation:
      return ends && !PeriodIsOver(subscription, now);
    case Event::kChange:
    case Event::kPauseWaivingDebt:
      return recurs && !ends;
    case Event::kPause:
      return recurs && !ends && subscription.period_paid;
    case Event::kStart:
    case Event::kStartTrial:
    case Event::kRunOut:
    case Event::kOvertake:
    case Event::kPay:
    case Event::kCancel:
    case Event::kResume:
    case Event::kRefund:
    case Event::kLoseDispute:
      return true;
  }
  return false;
}

}  // namespace

absl::string_view Name(SubscriptionEvent event) {
  switch (event) {
    case Event::kStart:
      return "START";
    case Event::kStartTrial:
      return "START_TRIAL";
    case Event::kRunOut:
      return "RUN_OUT";
    case Event::kOvertake:
      return "OVERTAKE";
    case Event::kConvert:
      return "CONVERT";
    case Event::kEndTrial:
      return "END_TRIAL";
    case Event::kRenew:
      return "RENEW";
    case Event::kPay:
      return "PAY";
    case Event::kFailCharge:
      return "FAIL_CHARGE";
    case Event::kEndGrace:
      return "END_GRACE";
    case Event::kScheduleCancellation:
      return "SCHEDULE_CANCELLATION";
    case Event::kWithdrawCancellation:
      return "WITHDRAW_CANCELLATION";
    case Event::kReachEnd:
      return "REACH_END";
    case Event::kCancel:
      return "CANCEL";
    case Event::kChange:
      return "CHANGE";
    case Event::kApplyOffer:
      return "APPLY_OFFER";
    case Event::kPause:
      return "PAUSE";
    case Event::kPauseWaivingDebt:
      return "PAUSE_WAIVING_DEBT";
    case Event::kResume:
      return "RESUME";
    case Event::kRefund:
      return "REFUND";
    case Event::kLoseDispute:
      return "LOSE_DISPUTE";
  }
  return "";
}

std::optional<State> StateAfter(State state, SubscriptionEvent event) {
  for (const Row& row : kTable) {
    if (row.from == state && row.event == event) return row.to;
  }
  return std::nullopt;
}

absl::Status CheckEvent(const Subscription& subscription, SubscriptionEvent event, absl::Time now) {
  if (StateAfter(subscription.state, event) && Holds(subscription, event, now)) return absl::OkStatus();
  return InvalidTransition(SubscriptionName(subscription.member_id, subscription.id), Name(subscription.state),
                           Name(event));
}

absl::Status Enter(Subscription& subscription, SubscriptionEvent event, absl::Time now) {
  RETURN_IF_ERROR(CheckEvent(subscription, event, now));
  subscription.state = *StateAfter(subscription.state, event);
  return absl::OkStatus();
}

}  // namespace masthead::memberships
