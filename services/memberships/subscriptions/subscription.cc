#include "services/memberships/subscriptions/subscription.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "services/memberships/billing/recurring_revenue.h"

namespace masthead::memberships {
namespace {

using State = Subscription::State;
using Collection = Subscription::Collection;
using EndReason = Subscription::EndReason;

constexpr std::pair<State, absl::string_view> kStates[] = {
    {State::kIncomplete, "INCOMPLETE"}, {State::kTrialing, "TRIALING"}, {State::kActive, "ACTIVE"},
    {State::kPastDue, "PAST_DUE"},      {State::kPaused, "PAUSED"},     {State::kCanceled, "CANCELED"},
    {State::kExpired, "EXPIRED"}};
constexpr std::pair<Collection, absl::string_view> kCollections[] = {
    {Collection::kAutomatic, "AUTOMATIC"}, {Collection::kManual, "MANUAL"}, {Collection::kExternal, "EXTERNAL"}};
constexpr std::pair<EndReason, absl::string_view> kEndReasons[] = {{EndReason::kNone, ""},
                                                                   {EndReason::kRequested, "REQUESTED"},
                                                                   {EndReason::kNeverPaid, "NEVER_PAID"},
                                                                   {EndReason::kNoPaymentMethod, "NO_PAYMENT_METHOD"},
                                                                   {EndReason::kPaymentFailed, "PAYMENT_FAILED"},
                                                                   {EndReason::kOvertaken, "OVERTAKEN"},
                                                                   {EndReason::kRefunded, "REFUNDED"},
                                                                   {EndReason::kDisputeLost, "DISPUTE_LOST"},
                                                                   {EndReason::kMerged, "MERGED"},
                                                                   {EndReason::kErased, "ERASED"}};

template <typename Value, size_t size>
absl::string_view NameIn(const std::pair<Value, absl::string_view> (&names)[size], Value value) {
  for (const auto& [named, name] : names) {
    if (named == value) return name;
  }
  return "";
}

template <typename Value, size_t size>
std::optional<Value> ParseIn(const std::pair<Value, absl::string_view> (&names)[size], absl::string_view wanted) {
  for (const auto& [named, name] : names) {
    if (name == wanted) return named;
  }
  return std::nullopt;
}

std::optional<absl::Time> Earliest(std::optional<absl::Time> one, std::optional<absl::Time> other) {
  if (one && other) return std::min(*one, *other);
  return one ? one : other;
}

absl::Duration Grace(const Subscription& subscription) { return subscription.terms.grace_days * absl::Hours(24); }

// What is paid for, and grace on top if a period is to follow; the days of grace alone for one that is not paid yet.
std::optional<absl::Time> ActiveAccessEnd(const Subscription& subscription) {
  if (!subscription.period_paid) return GraceEndTime(subscription);
  if (!subscription.period_end_time || subscription.cancel_at_period_end) return subscription.period_end_time;
  return *subscription.period_end_time + Grace(subscription);
}

}  // namespace

int64_t PeriodPrice(const SubscriptionTerms& terms) { return terms.money.amount * terms.seats; }

int64_t AnnualRevenue(const SubscriptionTerms& terms) {
  return terms.interval ? AnnualRevenue(PeriodPrice(terms), *terms.interval) : 0;
}

bool SameInterval(const SubscriptionTerms& one, const SubscriptionTerms& other) {
  if (!one.interval || !other.interval) return one.interval.has_value() == other.interval.has_value();
  return one.interval->unit == other.interval->unit && one.interval->count == other.interval->count;
}

std::string SubscriptionName(absl::string_view member_id, absl::string_view id) {
  return absl::StrCat("members/", member_id, "/subscriptions/", id);
}

absl::string_view Name(State state) { return NameIn(kStates, state); }
absl::string_view Name(Collection collection) { return NameIn(kCollections, collection); }
absl::string_view Name(EndReason reason) { return NameIn(kEndReasons, reason); }
std::optional<State> ParseSubscriptionState(absl::string_view name) { return ParseIn(kStates, name); }
std::optional<Collection> ParseCollection(absl::string_view name) { return ParseIn(kCollections, name); }
std::optional<EndReason> ParseEndReason(absl::string_view name) { return ParseIn(kEndReasons, name); }

bool IsLive(State state) {
  return state == State::kTrialing || state == State::kActive || state == State::kPastDue || state == State::kPaused;
}

bool CollectsByItself(const Subscription& subscription) {
  return subscription.collection == Collection::kAutomatic && !subscription.payment_method.empty();
}

absl::Time BoundaryOf(const Subscription& subscription, int64_t index) {
  return PeriodBoundary(subscription.anchor_time, subscription.time_zone, *subscription.terms.interval,
                        index - subscription.anchor_index);
}

absl::Time GraceEndTime(const Subscription& subscription) {
  return subscription.period_start_time + Grace(subscription);
}

std::optional<SubscriptionAccess> AccessOf(const Subscription& subscription) {
  const std::string& tier_id = subscription.terms.tier_id;
  switch (subscription.state) {
    case State::kTrialing:
    case State::kActive:
      return SubscriptionAccess{tier_id, ActiveAccessEnd(subscription)};
    case State::kPastDue:
      return SubscriptionAccess{tier_id, GraceEndTime(subscription)};
    case State::kPaused:
      return SubscriptionAccess{tier_id, subscription.period_end_time};
    case State::kCanceled:
      if (!subscription.keeps_paid_time) return std::nullopt;
      return SubscriptionAccess{tier_id, subscription.period_end_time};
    case State::kIncomplete:
    case State::kExpired:
      return std::nullopt;
  }
  return std::nullopt;
}

std::optional<absl::Time> NextActionTime(const Subscription& subscription) {
  if (subscription.collection == Collection::kExternal) return std::nullopt;
  switch (subscription.state) {
    case State::kTrialing:
      if (subscription.trial_reminded || subscription.cancel_at_period_end) return subscription.trial_end_time;
      return *subscription.trial_end_time - kTrialReminder;
    case State::kActive:
      if (subscription.period_paid || CollectsByItself(subscription)) return subscription.period_end_time;
      return Earliest(subscription.period_end_time, GraceEndTime(subscription));
    case State::kPastDue:
      return Earliest(subscription.retry_time, GraceEndTime(subscription));
    case State::kPaused:
      return subscription.resume_time;
    case State::kIncomplete:
    case State::kCanceled:
    case State::kExpired:
      return std::nullopt;
  }
  return std::nullopt;
}

int64_t AnnualRevenueOf(const Subscription& subscription) {
  if (subscription.state != State::kActive && subscription.state != State::kPastDue) return 0;
  if (!subscription.terms.interval) return 0;
  return AnnualRevenue(PeriodPrice(subscription.terms) - subscription.lasting_discount, *subscription.terms.interval);
}

}  // namespace masthead::memberships
