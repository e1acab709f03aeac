// Which moves of a subscription there are. A closed table: a move that is not in it is refused, whoever asks.
#pragma once

#include <array>
#include <optional>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "services/memberships/subscriptions/subscription.h"

namespace masthead::memberships {

enum class SubscriptionEvent {
  kStart,                 // What was asked for is paid.
  kStartTrial,            // Nothing is to be paid for some days.
  kRunOut,                // The checkout ran out unpaid.
  kOvertake,              // Another subscription was paid first.
  kConvert,               // The trial ends, and there is a payment method.
  kEndTrial,              // The trial ends, and there is none.
  kRenew,                 // The next period begins.
  kPay,                   // This period is paid.
  kFailCharge,            // A charge for this period failed.
  kEndGrace,              // It was waited long enough.
  kScheduleCancellation,  // It shall end with the period.
  kWithdrawCancellation,  // It shall not, after all.
  kReachEnd,              // The period ends, and it with it.
  kCancel,                // At once.
  kChange,                // Other terms.
  kApplyOffer,            // A retention offer.
  kPause,
  kPauseWaivingDebt,  // What is due for this period is let go.
  kResume,
  kRefund,       // What was paid for this period was given back.
  kLoseDispute,  // ... or taken back.
};

inline constexpr std::array kSubscriptionEvents = {
    SubscriptionEvent::kStart,
    SubscriptionEvent::kStartTrial,
    SubscriptionEvent::kRunOut,
    SubscriptionEvent::kOvertake,
    SubscriptionEvent::kConvert,
    SubscriptionEvent::kEndTrial,
    SubscriptionEvent::kRenew,
    SubscriptionEvent::kPay,
    SubscriptionEvent::kFailCharge,
    SubscriptionEvent::kEndGrace,
    SubscriptionEvent::kScheduleCancellation,
    SubscriptionEvent::kWithdrawCancellation,
    SubscriptionEvent::kReachEnd,
    SubscriptionEvent::kCancel,
    SubscriptionEvent::kChange,
    SubscriptionEvent::kApplyOffer,
    SubscriptionEvent::kPause,
    SubscriptionEvent::kPauseWaivingDebt,
    SubscriptionEvent::kResume,
    SubscriptionEvent::kRefund,
    SubscriptionEvent::kLoseDispute,
};

absl::string_view Name(SubscriptionEvent event);

// The state after it, by the table alone; nothing if there is no such move.
std::optional<Subscription::State> StateAfter(Subscription::State state, SubscriptionEvent event);

// Whether the table and what else the move asks for allow it: INVALID_TRANSITION if not.
absl::Status CheckEvent(const Subscription& subscription, SubscriptionEvent event, absl::Time now);

// The same, and then the subscription is in the state after it.
absl::Status Enter(Subscription& subscription, SubscriptionEvent event, absl::Time now);

}  // namespace masthead::memberships
