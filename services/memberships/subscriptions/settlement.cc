#include "services/memberships/subscriptions/settlement.h"

#include <optional>
#include <utility>

#include "common/ids/uuid.h"
#include "services/memberships/members/member_store.h"
#include "services/memberships/subscriptions/changing.h"
#include "services/memberships/subscriptions/move.h"
#include "services/memberships/subscriptions/period_billing.h"
#include "services/memberships/subscriptions/subscription_moves.h"
#include "services/memberships/subscriptions/subscription_store.h"

namespace masthead::memberships {
namespace {

using State = Subscription::State;
using Collection = Subscription::Collection;
using EndReason = Subscription::EndReason;

// Of the member, who may have none: UTC then, so that it never changes under a subscription.
absl::TimeZone ZoneOf(db::Transaction& tx, absl::string_view member_id) {
  const std::optional<Member> member = LoadMember(tx, member_id);
  absl::TimeZone zone = absl::UTCTimeZone();
  if (member && !member->time_zone.empty()) absl::LoadTimeZone(member->time_zone, &zone);
  return zone;
}

// Without a method it is collected as before: who paid by card once is asked for another card.
void SetMethod(Subscription& subscription, absl::string_view provider, absl::string_view payment_method) {
  subscription.provider = std::string(provider);
  subscription.payment_method = std::string(payment_method);
  const bool is_ours = subscription.collection != Collection::kExternal;
  if (is_ours && !payment_method.empty()) subscription.collection = Collection::kAutomatic;
}

void EndOvertaken(db::Transaction& tx, events::Feed& feed, Subscription& subscription, absl::Time now) {
  Move move(tx, feed, subscription);
  if (Overtake(subscription, now).ok()) move.Store("subscription.ended", Name(subscription.end_reason), now);
}

void BeginTrial(db::Transaction& tx, events::Feed& feed, Subscription& subscription, int32_t days, absl::Time now) {
  Move move(tx, feed, subscription);
  if (!StartTrial(subscription, days, now).ok()) return;
  ConsumeTrial(tx, subscription.member_id, subscription.product_group, now);
  move.Store("subscription.started", "", now);
}

// What was paid at the checkout is for the invoice that is issued here; where nothing was, the provider is asked.
void BeginPaying(db::Transaction& tx, events::Feed& feed, Offerings& offerings, Subscription& subscription,
                 const Checkout& checkout, absl::Time now) {
  Move move(tx, feed, subscription);
  if (!Start(subscription, /*paid=*/checkout.money.amount > 0, now).ok()) return;
  const std::optional<Invoice> invoice = BillPeriod(tx, feed, offerings, subscription, checkout.id, now);
  move.Store("subscription.started", "", now);
  if (!invoice || subscription.period_paid) return;
  if (!CollectsByItself(subscription)) return;
  RequestCharge(tx, *invoice, subscription.provider, subscription.payment_method, now);
}

void ApplyPaidChange(db::Transaction& tx, events::Feed& feed, Subscription& subscription, const Invoice& invoice,
                     absl::Time now) {
  Offerings offerings(tx);
  Move move(tx, feed, subscription);
  const Subscription::PendingChange pending = *subscription.pending;
  const SubscriptionTerms terms = TermsOf(offerings.PriceOf(pending.price_id), pending.amount, pending.seats);
  if (!ApplyChange(offerings, subscription, terms, invoice.period_start_time.value_or(now), now).ok()) return;
  move.Store("subscription.changed", "", now);
}

void OnPeriodPaid(db::Transaction& tx, events::Feed& feed, Subscription& subscription, absl::Time now) {
  Move move(tx, feed, subscription);
  if (subscription.period_paid || !Pay(subscription, now).ok()) return;
  if (move.before().state == State::kPastDue) return move.Store("subscription.recovered", "", now);
  move.StoreQuietly(now);
}

// What is overdue, or waits for a payment to be applied, is charged to the method that it has now.
void ChargeWhatIsDue(db::Transaction& tx, const Subscription& subscription, absl::Time now) {
  for (const Invoice& invoice : LoadOpenInvoices(tx, subscription.id)) {
    const bool is_of_period =
        invoice.kind == Invoice::Kind::kCycle && invoice.period_index == subscription.period_index;
    const bool is_of_change = subscription.pending && subscription.pending->invoice_id == invoice.id;
    if (!is_of_period && !is_of_change) continue;
    RequestCharge(tx, invoice, subscription.provider, subscription.payment_method, now);
  }
}

void TakeMethod(db::Transaction& tx, events::Feed& feed, Subscription& subscription, absl::string_view provider,
                absl::string_view payment_method, absl::Time now) {
  if (!IsLive(subscription.state)) return;
  Move move(tx, feed, subscription);
  SetMethod(subscription, provider, payment_method);
  // The outcome of the charge says when to try again.
  if (!payment_method.empty()) subscription.retry_time = std::nullopt;
  move.StoreQuietly(now);
  if (CollectsByItself(subscription)) ChargeWhatIsDue(tx, subscription, now);
}

}  // namespace

std::string OpenSubscription(db::Transaction& tx, events::Feed&, const Checkout& checkout, absl::Time now) {
  Offerings offerings(tx);
  Subscription subscription;
  subscription.member_id = checkout.member_id;
  subscription.id = ids::NewUuid();
  subscription.terms = TermsOf(offerings.PriceOf(checkout.price_id), checkout.unit_amount, checkout.seats);
  subscription.product_group = subscription.terms.tier_id.empty() ? "donation" : "membership";
  subscription.time_zone = ZoneOf(tx, checkout.member_id);
  if (!checkout.offer_id.empty()) {
    const Offer& offer = offerings.OfferOf(checkout.offer_id);
    subscription.offer_id = offer.id;
    subscription.offer_invoices_left = offer.kind == Offer::Kind::kFreeDays ? 0 : InvoicesOf(offer);
    offerings.SetLastingDiscount(subscription);
  }
  subscription.anchor_time = now;
  subscription.period_start_time = now;
  subscription.provider = checkout.provider;
  subscription.create_time = now;
  InsertSubscription(tx, subscription);
  return subscription.id;
}

Settlement StartSubscription(db::Transaction& tx, events::Feed& feed, const Checkout& checkout,
                             absl::string_view provider, absl::string_view payment_method, absl::Time now) {
  std::optional<Subscription> subscription = LockSubscription(tx, checkout.subscription_id);
  if (!subscription) return Settlement::kTooLate;
  if (IsLive(subscription->state)) return Settlement::kKept;  // Told twice.
  if (subscription->state != State::kIncomplete) return Settlement::kTooLate;
  if (LoadLiveSubscriptionId(tx, subscription->member_id, subscription->product_group)) {
    EndOvertaken(tx, feed, *subscription, now);
    return Settlement::kOvertaken;
  }
  Offerings offerings(tx);
  SetMethod(*subscription, provider, payment_method);
  const Offer* offer = subscription->offer_id.empty() ? nullptr : &offerings.OfferOf(subscription->offer_id);
  // Who paid begins at once. Who did not may have had the trial elsewhere since the checkout was opened.
  const int32_t days = checkout.money.amount > 0 ? 0
                                                 : TrialDays(tx, subscription->member_id, subscription->product_group,
                                                             offerings.PriceOf(subscription->terms.price_id), offer);
  if (days > 0) {
    BeginTrial(tx, feed, *subscription, days, now);
  } else {
    BeginPaying(tx, feed, offerings, *subscription, checkout, now);
  }
  return Settlement::kKept;
}

void ExpireSubscription(db::Transaction& tx, events::Feed& feed, absl::string_view subscription_id, absl::Time now) {
  std::optional<Subscription> subscription = LockSubscription(tx, subscription_id);
  if (!subscription) return;
  Move move(tx, feed, *subscription);
  if (!RunOut(*subscription, now).ok()) return;
  VoidOpenInvoices(tx, feed, subscription_id, now);
  move.Store("subscription.ended", Name(subscription->end_reason), now);
}

void OnInvoicePaid(db::Transaction& tx, events::Feed& feed, const Invoice& invoice, absl::Time now) {
  if (invoice.subscription_id.empty()) return;
  std::optional<Subscription> subscription = LockSubscription(tx, invoice.subscription_id);
  if (!subscription) return;
  if (subscription->pending && subscription->pending->invoice_id == invoice.id) {
    return ApplyPaidChange(tx, feed, *subscription, invoice, now);
  }
  if (invoice.kind == Invoice::Kind::kCycle && invoice.period_index == subscription->period_index) {
    OnPeriodPaid(tx, feed, *subscription, now);
  }
}

void OnChargeFailed(db::Transaction& tx, events::Feed& feed, const Invoice& invoice, absl::string_view decline_code,
                    bool retryable, absl::Time now) {
  // A change that nobody paid for waits; a period that was caught up with is for people to look at.
  if (invoice.kind != Invoice::Kind::kCycle || invoice.state != Invoice::State::kOpen) return;
  std::optional<Subscription> subscription = LockSubscription(tx, invoice.subscription_id);
  if (!subscription || invoice.period_index != subscription->period_index) return;
  Offerings offerings(tx);
  FallPastDue(tx, feed, offerings, *subscription, decline_code, retryable, now);
}

void EndAtOnce(db::Transaction& tx, events::Feed& feed, absl::string_view subscription_id, absl::string_view reason,
               absl::Time now) {
  std::optional<Subscription> subscription = LockSubscription(tx, subscription_id);
  if (!subscription) return;
  Move move(tx, feed, *subscription);
  if (!EndAtOnce(*subscription, ParseEndReason(reason).value_or(EndReason::kRefunded), now).ok()) return;
  VoidOpenInvoices(tx, feed, subscription_id, now);
  move.Store("subscription.ended", Name(subscription->end_reason), now);
}

void UsePaymentMethod(db::Transaction& tx, events::Feed& feed, absl::string_view subscription_id,
                      absl::string_view provider, absl::string_view payment_method, absl::Time now) {
  std::optional<Subscription> subscription = LockSubscription(tx, subscription_id);
  if (subscription) TakeMethod(tx, feed, *subscription, provider, payment_method, now);
}

void ReplacePaymentMethod(db::Transaction& tx, events::Feed& feed, absl::string_view provider,
                          absl::string_view old_method, absl::string_view new_method, absl::Time now) {
  for (Subscription& subscription : LockSubscriptionsByMethod(tx, provider, old_method)) {
    TakeMethod(tx, feed, subscription, provider, new_method, now);
  }
}

}  // namespace masthead::memberships
