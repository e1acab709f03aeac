#include "services/memberships/subscriptions/external.h"

#include <optional>
#include <utility>

#include "common/base/errors.h"
#include "common/base/status_macros.h"
#include "common/ids/uuid.h"
#include "services/memberships/books/book_errors.h"
#include "services/memberships/errors.h"
#include "services/memberships/plans/offering.h"
#include "services/memberships/subscriptions/move.h"
#include "services/memberships/subscriptions/offerings.h"
#include "services/memberships/subscriptions/subscription_store.h"

namespace masthead::memberships {
namespace {

using State = Subscription::State;

State StateOf(ExternalSubscription::State state) {
  switch (state) {
    case ExternalSubscription::State::kIncomplete:
      return State::kIncomplete;
    case ExternalSubscription::State::kTrialing:
      return State::kTrialing;
    case ExternalSubscription::State::kActive:
      return State::kActive;
    case ExternalSubscription::State::kPastDue:
      return State::kPastDue;
    case ExternalSubscription::State::kPaused:
      return State::kPaused;
    case ExternalSubscription::State::kEnded:
      return State::kCanceled;
  }
  return State::kCanceled;
}

void End(Subscription& subscription, absl::Time now) {
  const bool unpaid = subscription.state == State::kPastDue;
  subscription.state = State::kCanceled;
  subscription.end_time = now;
  subscription.end_reason = unpaid ? Subscription::EndReason::kPaymentFailed : Subscription::EndReason::kRequested;
}

absl::Status CheckPrice(const Price& price, const ExternalSubscription& external) {
  if (price.money.currency != external.money.currency) {
    return CurrencyMismatch(price.money.currency, external.money.currency);
  }
  FieldViolations violations;
  if (!price.interval) violations.Add("price", "must be paid again and again");
  return violations.ToStatus();
}

Subscription Made(absl::string_view member_id, absl::string_view provider, const Price& price,
                  const ExternalSubscription& external, absl::Time now) {
  Subscription subscription;
  subscription.member_id = std::string(member_id);
  subscription.id = ids::NewUuid(now);
  subscription.terms = TermsOf(price, external.money.amount, external.seats);
  subscription.product_group = price.tier_id.empty() ? "donation" : "membership";
  subscription.collection = Subscription::Collection::kExternal;
  subscription.provider = std::string(provider);
  subscription.external_ref = external.ref;
  subscription.anchor_time = external.period_start_time;
  subscription.period_start_time = external.period_start_time;
  subscription.create_time = now;
  return subscription;
}

}  // namespace

bool Follow(Subscription& subscription, const ExternalSubscription& external, absl::Time now) {
  if (subscription.state == State::kCanceled || subscription.state == State::kExpired) return false;
  const State state = StateOf(external.state);
  // That it has ended is true however old the answer is.
  const bool is_older = subscription.external_ask_time && external.ask_time <= *subscription.external_ask_time;
  if (is_older && state != State::kCanceled) return false;
  subscription.external_ask_time = external.ask_time;
  if (state == State::kCanceled) {
    End(subscription, now);
    return true;
  }
  subscription.state = state;
  if (external.period_start_time > subscription.period_start_time) ++subscription.period_index;
  subscription.period_start_time = external.period_start_time;
  subscription.period_end_time = external.period_end_time;
  subscription.period_paid = state != State::kPastDue;
  subscription.trial_end_time = external.trial_end_time;
  subscription.cancel_at_period_end = external.cancel_at_period_end;
  subscription.terms.money.amount = external.money.amount;
  subscription.terms.seats = external.seats;
  return true;
}

std::string FollowedMove(const Subscription& before, const Subscription& after) {
  if (before.state == State::kIncomplete) return "subscription.started";
  if (after.state == State::kCanceled) return "subscription.ended";
  if (after.state != before.state) {
    if (after.state == State::kPastDue) return "subscription.past_due";
    if (after.state == State::kPaused) return "subscription.paused";
    if (before.state == State::kPastDue) return "subscription.recovered";
    if (before.state == State::kPaused) return "subscription.resumed";
    return "subscription.changed";
  }
  if (after.cancel_at_period_end != before.cancel_at_period_end) {
    return after.cancel_at_period_end ? "subscription.cancellation_scheduled" : "subscription.cancellation_withdrawn";
  }
  if (after.period_start_time != before.period_start_time) return "subscription.renewed";
  const bool same_terms =
      after.terms.money.amount == before.terms.money.amount && after.terms.seats == before.terms.seats;
  return same_terms ? "" : "subscription.changed";
}

absl::StatusOr<Subscription> Adopt(db::Transaction& tx, events::Feed& feed, absl::string_view member_id,
                                   absl::string_view provider, absl::string_view price_id,
                                   const ExternalSubscription& external, absl::Time now) {
  ASSIGN_OR_RETURN(const Price price, LoadPrice(tx, price_id));
  RETURN_IF_ERROR(CheckPrice(price, external));
  if (const auto adopted = LoadExternalSubscription(tx, provider, external.ref)) {
    return SubscribedAlready(SubscriptionName(adopted->member_id, adopted->id));
  }
  Subscription subscription = Made(member_id, provider, price, external, now);
  if (const auto live = LoadLiveSubscriptionId(tx, member_id, subscription.product_group)) {
    return SubscribedAlready(SubscriptionName(member_id, *live));
  }
  if (!IsLive(StateOf(external.state))) {
    return InvalidTransition(external.ref, Name(StateOf(external.state)), "ADOPT");
  }
  InsertSubscription(tx, subscription);
  Move move(tx, feed, subscription);
  Follow(subscription, external, now);
  move.Store("subscription.started", "", now);
  return subscription;
}

std::string LoadOwnerOfExternal(db::Transaction& tx, absl::string_view provider, absl::string_view ref) {
  const std::optional<Subscription> found = LoadExternalSubscription(tx, provider, ref);
  return found ? found->member_id : "";
}

bool FollowExternal(db::Transaction& tx, events::Feed& feed, absl::string_view provider,
                    const ExternalSubscription& external, absl::Time now) {
  std::optional<Subscription> subscription = LockExternalSubscription(tx, provider, external.ref);
  if (!subscription) return false;
  Move move(tx, feed, *subscription);
  if (!Follow(*subscription, external, now)) return false;
  const std::string type = FollowedMove(move.before(), *subscription);
  if (type.empty()) {
    move.StoreQuietly(now);
  } else {
    const bool ended = subscription->state == State::kCanceled;
    move.Store(type.c_str(), ended ? Name(subscription->end_reason) : "", now);
  }
  return true;
}

}  // namespace masthead::memberships
