// What a move does to a subscription. Each asks the state machine first and leaves the subscription as it is if that
// refuses (INVALID_TRANSITION). No I/O: who calls them stores the outcome, and bills what they began.
#pragma once

#include <cstdint>
#include <optional>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "services/memberships/subscriptions/subscription.h"

namespace masthead::memberships {

// The first period begins.
absl::Status Start(Subscription& subscription, bool paid, absl::Time now);

// The first period will begin when the trial ends.
absl::Status StartTrial(Subscription& subscription, int32_t days, absl::Time now);

absl::Status RunOut(Subscription& subscription, absl::Time now);
absl::Status Overtake(Subscription& subscription, absl::Time now);

// The trial is over: the first period began when it ended, and is not paid yet.
absl::Status Convert(Subscription& subscription, absl::Time now);

// The trial is over, and nobody can be charged.
absl::Status EndTrial(Subscription& subscription, absl::Time now);

// The next period began when the last one ended, and is not paid yet; under `terms`, if they are other ones from now
// on.
absl::Status Renew(Subscription& subscription, const std::optional<SubscriptionTerms>& terms, absl::Time now);

absl::Status Pay(Subscription& subscription, absl::Time now);

// Tries again 1, 3, 7 and 14 days after the period began; never, if the provider said that it is of no use.
absl::Status FailCharge(Subscription& subscription, bool retryable, absl::Time now);

absl::Status EndGrace(Subscription& subscription, absl::Time now);

// What was to change later will not.
absl::Status ScheduleCancellation(Subscription& subscription, absl::string_view reason, absl::Time now);
absl::Status WithdrawCancellation(Subscription& subscription, absl::Time now);
absl::Status ReachEnd(Subscription& subscription, absl::Time now);

// `keeps_paid_time`: a period that is paid may be read to its end.
absl::Status Cancel(Subscription& subscription, absl::string_view reason, bool keeps_paid_time, absl::Time now);

// Other terms from `time` on, which is within the period. The period stays as it is; with another interval, a new one
// begins. It is paid: what the change costs was, or there is nothing to pay.
absl::Status Change(Subscription& subscription, const SubscriptionTerms& terms, absl::Time time, absl::Time now);

// A retention offer is taken: a cancellation that was to come is withdrawn, and `free_days` make the period longer.
absl::Status TakeOffer(Subscription& subscription, int32_t free_days, absl::Time now);

// What is paid for may be read to the end of the period meanwhile. Until `resume_time`, or until somebody resumes it.
absl::Status Pause(Subscription& subscription, std::optional<absl::Time> resume_time, bool waive_debt, absl::Time now);

// Within the period it goes on as if nothing had been. Later a period begins that is not paid yet, under `terms` if
// they are other ones from now on, and that is the anchor from then on: what was paid for was read during the pause, so
// nothing is added. True if a period begins.
absl::StatusOr<bool> Resume(Subscription& subscription, const std::optional<SubscriptionTerms>& terms, absl::Time now);

// Ends at once, for REFUNDED or DISPUTE_LOST.
absl::Status EndAtOnce(Subscription& subscription, Subscription::EndReason reason, absl::Time now);

}  // namespace masthead::memberships
