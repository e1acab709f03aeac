#include "services/memberships/payments/facts.h"

#include <algorithm>
#include <optional>

#include "absl/strings/str_cat.h"
#include "services/memberships/books/checkout_store.h"
#include "services/memberships/books/payment_store.h"
#include "services/memberships/books/refund_store.h"
#include "services/memberships/payments/fact_store.h"
#include "services/memberships/payments/settling.h"
#include "services/memberships/payments/taking_back.h"
#include "services/memberships/subscriptions/external.h"
#include "services/memberships/subscriptions/settlement.h"

namespace masthead::memberships {
namespace {

using Kind = ProviderFact::Kind;

absl::string_view Name(Kind kind) {
  switch (kind) {
    case Kind::kCheckoutCompleted:
      return "CHECKOUT_COMPLETED";
    case Kind::kCheckoutExpired:
      return "CHECKOUT_EXPIRED";
    case Kind::kPaymentSettled:
      return "PAYMENT_SETTLED";
    case Kind::kPaymentFailed:
      return "PAYMENT_FAILED";
    case Kind::kRefunded:
      return "REFUNDED";
    case Kind::kDisputeOpened:
      return "DISPUTE_OPENED";
    case Kind::kDisputeWon:
      return "DISPUTE_WON";
    case Kind::kDisputeLost:
      return "DISPUTE_LOST";
    case Kind::kMethodUpdated:
      return "METHOD_UPDATED";
    case Kind::kMethodDetached:
      return "METHOD_DETACHED";
    case Kind::kSubscriptionMoved:
      return "SUBSCRIPTION_MOVED";
  }
  return "";
}

// What tells this fact apart from others about the same object: all that it says beyond names.
std::string Content(const ProviderFact& fact) {
  return absl::StrCat(Name(fact.kind), " ", fact.money.amount, " ", fact.money.currency, " ", fact.fee, " ", fact.paid,
                      " ", fact.payment_method, " ", fact.new_payment_method);
}

// What the fact is about, by whichever of its names is there.
const std::string& ObjectOf(const ProviderFact& fact) {
  const auto first = [](std::initializer_list<const std::string*> names) -> const std::string& {
    return **std::find_if(names.begin(), std::prev(names.end()),
                          [](const std::string* name) { return !name->empty(); });
  };
  switch (fact.kind) {
    case Kind::kCheckoutCompleted:
    case Kind::kCheckoutExpired:
      return first({&fact.checkout_ref, &fact.payment_ref, &fact.payment_key});
    case Kind::kPaymentSettled:
    case Kind::kPaymentFailed:
    case Kind::kRefunded:
      return first({&fact.payment_ref, &fact.payment_key, &fact.checkout_ref});
    case Kind::kDisputeOpened:
    case Kind::kDisputeWon:
    case Kind::kDisputeLost:
      return first({&fact.dispute_ref, &fact.payment_ref, &fact.payment_key});
    case Kind::kMethodUpdated:
    case Kind::kMethodDetached:
      return fact.payment_method;
    case Kind::kSubscriptionMoved:
      return fact.subscription->ref;
  }
  return fact.payment_ref;
}

std::optional<Payment> FindPayment(db::Transaction& tx, absl::string_view provider, const ProviderFact& fact) {
  std::optional<Payment> payment = LoadPaymentByRef(tx, provider, fact.payment_ref);
  if (!payment && !fact.payment_key.empty()) payment = LoadPayment(tx, fact.payment_key);
  if (!payment && !fact.checkout_ref.empty()) {
    const std::optional<Checkout> checkout = LoadCheckoutByRef(tx, provider, fact.checkout_ref);
    if (checkout) payment = LoadPaymentOfCheckout(tx, checkout->id);
  }
  if (payment && payment->provider != provider) return std::nullopt;
  return payment;
}

std::optional<Checkout> FindCheckout(db::Transaction& tx, absl::string_view provider, const ProviderFact& fact) {
  std::optional<Checkout> checkout = LoadCheckoutByRef(tx, provider, fact.checkout_ref);
  if (checkout) return checkout;
  const std::optional<Payment> payment = FindPayment(tx, provider, fact);
  if (!payment || payment->checkout_id.empty()) return std::nullopt;
  return LoadCheckout(tx, payment->checkout_id);
}

// From now on facts that have no other name of the payment's find it.
Payment LockNamed(db::Transaction& tx, const std::string& id, const std::string& provider_ref) {
  Payment payment = LockPayment(tx, id).value();
  if (payment.provider_ref.empty() && !provider_ref.empty()) {
    payment.provider_ref = provider_ref;
    SavePayment(tx, payment);
  }
  return payment;
}

Receipt ReceiptOf(const ProviderFact& fact) {
  return {.money = fact.money.currency.empty() ? std::nullopt : std::optional(fact.money),
          .fee = fact.fee,
          .payment_method = fact.payment_method};
}

void ApplyToCheckout(db::Transaction& tx, events::Feed& feed, Checkout& checkout, const ProviderFact& fact,
                     absl::Time now) {
  if (fact.kind == Kind::kCheckoutExpired) {
    // Of one that is paid for, or about to be, the provider has no more to say.
    if (checkout.state == Checkout::State::kOpen) CloseCheckout(tx, feed, checkout, now);
    return;
  }
  const std::optional<Payment> found = LoadPaymentOfCheckout(tx, checkout.id);
  if (!found) return CompleteUnpaid(tx, feed, checkout, fact.payment_method, now);
  Payment payment = LockNamed(tx, found->id, fact.payment_ref);
  if (fact.paid) return SettlePayment(tx, feed, payment, ReceiptOf(fact), now);
  AwaitPayment(tx, checkout, payment, fact.payment_method);
}

FactEffect ApplyCheckoutFact(db::Transaction& tx, events::Feed& feed, absl::string_view provider,
                             const ProviderFact& fact, absl::Time now) {
  const std::optional<Checkout> found = FindCheckout(tx, provider, fact);
  if (!found) return FactEffect::kParked;
  LockPayer(tx, found->member_id);
  if (!RecordFact(tx, provider, ObjectOf(fact), Content(fact), now)) return FactEffect::kDuplicate;
  Checkout checkout = LockCheckout(tx, found->id).value();
  ApplyToCheckout(tx, feed, checkout, fact, now);
  return FactEffect::kApplied;
}

Dispute::State StateOf(Kind kind) {
  if (kind == Kind::kDisputeWon) return Dispute::State::kWon;
  return kind == Kind::kDisputeLost ? Dispute::State::kLost : Dispute::State::kOpen;
}

void ApplyToPayment(db::Transaction& tx, events::Feed& feed, Payment& payment, const ProviderFact& fact,
                    absl::Time now) {
  switch (fact.kind) {
    case Kind::kPaymentSettled:
      return SettlePayment(tx, feed, payment, ReceiptOf(fact), now);
    case Kind::kPaymentFailed:
      return FailPayment(tx, feed, payment, fact.decline_code, fact.retryable, !fact.checkout_ref.empty(), now);
    case Kind::kRefunded:
      payment.told_refunded = std::max(payment.told_refunded, std::min(fact.money.amount, payment.money.amount));
      return BookRefunds(tx, feed, payment, "", now);
    case Kind::kDisputeOpened:
    case Kind::kDisputeWon:
    case Kind::kDisputeLost:
      BookDispute(
          tx, feed, payment,
          {.provider_ref = ObjectOf(fact), .state = StateOf(fact.kind), .amount = fact.money.amount, .fee = fact.fee},
          now);
      return;
    case Kind::kCheckoutCompleted:
    case Kind::kCheckoutExpired:
    case Kind::kMethodUpdated:
    case Kind::kMethodDetached:
    case Kind::kSubscriptionMoved:
      return;
  }
}

// A refund or a dispute is of a payment that succeeded: told before that was, it waits.
bool ComesTooEarly(const Payment& payment, Kind kind) {
  return kind != Kind::kPaymentSettled && kind != Kind::kPaymentFailed && payment.state != Payment::State::kSucceeded;
}

FactEffect ApplyPaymentFact(db::Transaction& tx, events::Feed& feed, absl::string_view provider,
                            const ProviderFact& fact, absl::Time now) {
  const std::optional<Payment> found = FindPayment(tx, provider, fact);
  if (!found) return FactEffect::kParked;
  LockPayer(tx, found->member_id);
  Payment payment = LockNamed(tx, found->id, fact.payment_ref);
  if (ComesTooEarly(payment, fact.kind)) return FactEffect::kParked;
  if (!RecordFact(tx, provider, ObjectOf(fact), Content(fact), now)) return FactEffect::kDuplicate;
  ApplyToPayment(tx, feed, payment, fact, now);
  return FactEffect::kApplied;
}

FactEffect ApplyMethodFact(db::Transaction& tx, events::Feed& feed, absl::string_view provider,
                           const ProviderFact& fact, absl::Time now) {
  for (const std::string& member_id : LoadPayersBy(tx, provider, fact.payment_method)) LockPayer(tx, member_id);
  if (!RecordFact(tx, provider, ObjectOf(fact), Content(fact), now)) return FactEffect::kDuplicate;
  ReplacePaymentMethod(tx, feed, provider, fact.payment_method, fact.new_payment_method, now);
  return FactEffect::kApplied;
}

// Never what an event says of it, which may be old, but what the provider answered when it was asked because of it: not
// recorded, since the answer itself tells whether it is newer than the one before.
FactEffect ApplySubscriptionFact(db::Transaction& tx, events::Feed& feed, absl::string_view provider,
                                 const ExternalSubscription& subscription, absl::Time now) {
  const std::string member_id = LoadOwnerOfExternal(tx, provider, subscription.ref);
  if (member_id.empty()) return FactEffect::kParked;
  LockPayer(tx, member_id);
  return FollowExternal(tx, feed, provider, subscription, now) ? FactEffect::kApplied : FactEffect::kDuplicate;
}

}  // namespace

FactEffect ApplyFact(db::Transaction& tx, events::Feed& feed, absl::string_view provider, const ProviderFact& fact,
                     absl::Time now) {
  switch (fact.kind) {
    case Kind::kCheckoutCompleted:
    case Kind::kCheckoutExpired:
      return ApplyCheckoutFact(tx, feed, provider, fact, now);
    case Kind::kPaymentSettled:
    case Kind::kPaymentFailed:
    case Kind::kRefunded:
    case Kind::kDisputeOpened:
    case Kind::kDisputeWon:
    case Kind::kDisputeLost:
      return ApplyPaymentFact(tx, feed, provider, fact, now);
    case Kind::kMethodUpdated:
    case Kind::kMethodDetached:
      return ApplyMethodFact(tx, feed, provider, fact, now);
    case Kind::kSubscriptionMoved:
      return ApplySubscriptionFact(tx, feed, provider, *fact.subscription, now);
  }
  return FactEffect::kParked;
}

void RecordCharge(db::Transaction& tx, events::Feed& feed, const std::string& payment_id, const ChargeOutcome& outcome,
                  absl::Time now) {
  const std::optional<Payment> found = LoadPayment(tx, payment_id);
  if (!found) return;
  LockPayer(tx, found->member_id);
  Payment payment = LockNamed(tx, payment_id, outcome.provider_ref);
  switch (outcome.kind) {
    case ChargeOutcome::Kind::kSucceeded:
      return SettlePayment(tx, feed, payment, {.money = std::nullopt, .fee = outcome.fee, .payment_method = ""}, now);
    case ChargeOutcome::Kind::kDeclined:
      return FailPayment(tx, feed, payment, outcome.decline_code, outcome.retryable, /*final=*/true, now);
    case ChargeOutcome::Kind::kRequiresAction:
      // Nobody is there to act: as good as declined, until another method is given or the payer confirms after all.
      return FailPayment(tx, feed, payment, "requires_action", /*retryable=*/false, /*final=*/true, now);
    case ChargeOutcome::Kind::kProcessing:
    case ChargeOutcome::Kind::kUnknown:
      break;
  }
  if (IsResolved(payment.state)) return;
  const bool processing = outcome.kind == ChargeOutcome::Kind::kProcessing;
  payment.state = processing ? Payment::State::kProcessing : Payment::State::kUnknown;
  payment.next_action_time = now + LookupDelay(payment.lookups++);
  SavePayment(tx, payment);
}

void RecordRefund(db::Transaction& tx, events::Feed& feed, const std::string& refund_id, const RefundOutcome& outcome,
                  absl::Time now) {
  const std::optional<Refund> found = LoadRefund(tx, refund_id);
  if (!found) return;
  LockPayer(tx, LoadPayment(tx, found->payment_id)->member_id);
  Payment payment = LockPayment(tx, found->payment_id).value();
  Refund refund = LoadRefund(tx, refund_id).value();
  if (refund.state == Refund::State::kSucceeded) return;
  if (!outcome.provider_ref.empty()) refund.provider_ref = outcome.provider_ref;
  refund.next_action_time = std::nullopt;
  switch (outcome.kind) {
    case RefundOutcome::Kind::kSucceeded:
      refund.state = Refund::State::kSucceeded;
      refund.settle_time = now;
      break;
    case RefundOutcome::Kind::kFailed:
      refund.state = Refund::State::kFailed;
      refund.failure = outcome.failure;
      refund.settle_time = now;
      break;
    case RefundOutcome::Kind::kProcessing:
    case RefundOutcome::Kind::kUnknown:
      if (refund.state == Refund::State::kFailed) return;
      refund.state =
          outcome.kind == RefundOutcome::Kind::kProcessing ? Refund::State::kProcessing : Refund::State::kUnknown;
      refund.next_action_time = now + LookupDelay(refund.lookups++);
      break;
  }
  SaveRefund(tx, refund);
  BookRefunds(tx, feed, payment, refund.id, now);
}

}  // namespace masthead::memberships
