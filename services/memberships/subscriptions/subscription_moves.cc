#include "services/memberships/subscriptions/subscription_moves.h"

#include <algorithm>
#include <iterator>
#include <string>

#include "common/base/status_macros.h"
#include "services/memberships/subscriptions/subscription_machine.h"

namespace masthead::memberships {
namespace {

using Event = SubscriptionEvent;
using EndReason = Subscription::EndReason;

// When a period is charged for, after it began.
constexpr absl::Duration kAttempts[] = {absl::ZeroDuration(), absl::Hours(24), absl::Hours(3 * 24), absl::Hours(7 * 24),
                                        absl::Hours(14 * 24)};

// An attempt whose time passed while nobody was working, or while the provider took its time, comes as long after the
// last as it would have: never in a burst.
std::optional<absl::Time> RetryTime(const Subscription& subscription, absl::Time now) {
  const size_t attempt = static_cast<size_t>(subscription.dunning_attempts);
  if (attempt >= std::size(kAttempts)) return std::nullopt;
  const absl::Time planned = subscription.period_start_time + kAttempts[attempt];
  return planned > now ? planned : now + (kAttempts[attempt] - kAttempts[attempt - 1]);
}

void ForgetDunning(Subscription& subscription) {
  subscription.dunning_attempts = 0;
  subscription.retry_time = std::nullopt;
}

void End(Subscription& subscription, EndReason reason, absl::Time time) {
  subscription.end_reason = reason;
  subscription.end_time = time;
  subscription.pending = std::nullopt;
  subscription.resume_time = std::nullopt;
  subscription.retry_time = std::nullopt;
}

void SetPeriodEnd(Subscription& subscription) {
  subscription.period_end_time = std::nullopt;
  if (subscription.terms.interval)
    subscription.period_end_time = BoundaryOf(subscription, subscription.period_index + 1);
}

void SetAnchor(Subscription& subscription, absl::Time anchor) {
  subscription.anchor_time = anchor;
  subscription.anchor_index = subscription.period_index;
}

void BeginNextPeriod(Subscription& subscription, absl::Time start, const std::optional<SubscriptionTerms>& terms,
                     bool new_anchor) {
  ++subscription.period_index;
  if (new_anchor || (terms && !SameInterval(subscription.terms, *terms))) SetAnchor(subscription, start);
  if (terms) subscription.terms = *terms;
  subscription.pending = std::nullopt;
  subscription.period_start_time = start;
  subscription.period_paid = false;
  ForgetDunning(subscription);
  SetPeriodEnd(subscription);
}

}  // namespace

absl::Status Start(Subscription& subscription, bool paid, absl::Time now) {
  RETURN_IF_ERROR(Enter(subscription, Event::kStart, now));
  SetAnchor(subscription, now);
  subscription.period_start_time = now;
  subscription.period_paid = paid;
  SetPeriodEnd(subscription);
  return absl::OkStatus();
}

absl::Status StartTrial(Subscription& subscription, int32_t days, absl::Time now) {
  RETURN_IF_ERROR(Enter(subscription, Event::kStartTrial, now));
  const absl::Time end = now + days * absl::Hours(24);
  SetAnchor(subscription, end);
  subscription.period_start_time = now;
  subscription.period_end_time = end;
  subscription.period_paid = true;
  subscription.trial_end_time = end;
  subscription.trial_reminded = end - now <= kTrialReminder;
  return absl::OkStatus();
}

absl::Status RunOut(Subscription& subscription, absl::Time now) {
  RETURN_IF_ERROR(Enter(subscription, Event::kRunOut, now));
  End(subscription, EndReason::kNeverPaid, now);
  return absl::OkStatus();
}

absl::Status Overtake(Subscription& subscription, absl::Time now) {
  RETURN_IF_ERROR(Enter(subscription, Event::kOvertake, now));
  End(subscription, EndReason::kOvertaken, now);
  return absl::OkStatus();
}

absl::Status Convert(Subscription& subscription, absl::Time now) {
  RETURN_IF_ERROR(Enter(subscription, Event::kConvert, now));
  subscription.period_start_time = *subscription.trial_end_time;
  subscription.period_paid = false;
  SetPeriodEnd(subscription);
  return absl::OkStatus();
}

absl::Status EndTrial(Subscription& subscription, absl::Time now) {
  RETURN_IF_ERROR(Enter(subscription, Event::kEndTrial, now));
  End(subscription, EndReason::kNoPaymentMethod, *subscription.trial_end_time);
  return absl::OkStatus();
}

absl::Status Renew(Subscription& subscription, const std::optional<SubscriptionTerms>& terms, absl::Time now) {
  RETURN_IF_ERROR(Enter(subscription, Event::kRenew, now));
  BeginNextPeriod(subscription, *subscription.period_end_time, terms, /*new_anchor=*/false);
  return absl::OkStatus();
}

absl::Status Pay(Subscription& subscription, absl::Time now) {
  RETURN_IF_ERROR(Enter(subscription, Event::kPay, now));
  subscription.period_paid = true;
  ForgetDunning(subscription);
  return absl::OkStatus();
}

absl::Status FailCharge(Subscription& subscription, bool retryable, absl::Time now) {
  RETURN_IF_ERROR(Enter(subscription, Event::kFailCharge, now));
  ++subscription.dunning_attempts;
  subscription.retry_time = retryable ? RetryTime(subscription, now) : std::nullopt;
  return absl::OkStatus();
}

absl::Status EndGrace(Subscription& subscription, absl::Time now) {
  RETURN_IF_ERROR(Enter(subscription, Event::kEndGrace, now));
  End(subscription, EndReason::kPaymentFailed, now);
  return absl::OkStatus();
}

absl::Status ScheduleCancellation(Subscription& subscription, absl::string_view reason, absl::Time now) {
  RETURN_IF_ERROR(Enter(subscription, Event::kScheduleCancellation, now));
  subscription.cancel_at_period_end = true;
  subscription.cancel_reason = std::string(reason);
  subscription.pending = std::nullopt;
  return absl::OkStatus();
}

absl::Status WithdrawCancellation(Subscription& subscription, absl::Time now) {
  RETURN_IF_ERROR(Enter(subscription, Event::kWithdrawCancellation, now));
  subscription.cancel_at_period_end = false;
  subscription.cancel_reason.clear();
  return absl::OkStatus();
}

absl::Status ReachEnd(Subscription& subscription, absl::Time now) {
  RETURN_IF_ERROR(Enter(subscription, Event::kReachEnd, now));
  End(subscription, EndReason::kRequested, *subscription.period_end_time);
  return absl::OkStatus();
}

absl::Status Cancel(Subscription& subscription, absl::string_view reason, bool keeps_paid_time, absl::Time now) {
  RETURN_IF_ERROR(Enter(subscription, Event::kCancel, now));
  subscription.cancel_reason = std::string(reason);
  subscription.keeps_paid_time = keeps_paid_time && subscription.period_paid;
  End(subscription, EndReason::kRequested, now);
  return absl::OkStatus();
}

absl::Status Change(Subscription& subscription, const SubscriptionTerms& terms, absl::Time time, absl::Time now) {
  RETURN_IF_ERROR(Enter(subscription, Event::kChange, now));
  subscription.pending = std::nullopt;
  if (subscription.state == Subscription::State::kTrialing || SameInterval(subscription.terms, terms)) {
    subscription.terms = terms;
    return absl::OkStatus();
  }
  BeginNextPeriod(subscription, time, terms, /*new_anchor=*/true);
  subscription.period_paid = true;
  return absl::OkStatus();
}

absl::Status TakeOffer(Subscription& subscription, int32_t free_days, absl::Time now) {
  RETURN_IF_ERROR(Enter(subscription, Event::kApplyOffer, now));
  subscription.cancel_at_period_end = false;
  subscription.cancel_reason.clear();
  if (free_days == 0) return absl::OkStatus();
  *subscription.period_end_time += free_days * absl::Hours(24);
  subscription.anchor_time = *subscription.period_end_time;
  subscription.anchor_index = subscription.period_index + 1;
  return absl::OkStatus();
}

absl::Status Pause(Subscription& subscription, std::optional<absl::Time> resume_time, bool waive_debt, absl::Time now) {
  RETURN_IF_ERROR(Enter(subscription, waive_debt ? Event::kPauseWaivingDebt : Event::kPause, now));
  // A period that nobody pays for is none.
  if (!subscription.period_paid) subscription.period_end_time = subscription.period_start_time;
  subscription.period_paid = true;
  subscription.pause_time = now;
  subscription.resume_time = resume_time;
  ForgetDunning(subscription);
  return absl::OkStatus();
}

absl::StatusOr<bool> Resume(Subscription& subscription, const std::optional<SubscriptionTerms>& terms, absl::Time now) {
  RETURN_IF_ERROR(Enter(subscription, Event::kResume, now));
  subscription.pause_time = std::nullopt;
  subscription.resume_time = std::nullopt;
  if (*subscription.period_end_time > now) return false;
  BeginNextPeriod(subscription, now, terms, /*new_anchor=*/true);
  return true;
}

absl::Status EndAtOnce(Subscription& subscription, EndReason reason, absl::Time now) {
  const bool unpaid = subscription.state == Subscription::State::kIncomplete;
  const Event event = reason == EndReason::kRefunded      ? Event::kRefund
                      : reason == EndReason::kDisputeLost ? Event::kLoseDispute
                      : unpaid                            ? Event::kRunOut
                                                          : Event::kCancel;
  RETURN_IF_ERROR(Enter(subscription, event, now));
  End(subscription, reason, now);
  return absl::OkStatus();
}

}  // namespace masthead::memberships
