#include "services/memberships/payments/settling.h"

#include <algorithm>
#include <vector>

#include "common/ids/uuid.h"
#include "services/memberships/books/announcements.h"
#include "services/memberships/books/booking.h"
#include "services/memberships/books/checkout_draft.h"
#include "services/memberships/books/checkout_store.h"
#include "services/memberships/books/dispute_store.h"
#include "services/memberships/books/invoice_store.h"
#include "services/memberships/books/invoicing.h"
#include "services/memberships/books/ledger_store.h"
#include "services/memberships/books/payment_change.h"
#include "services/memberships/books/payment_store.h"
#include "services/memberships/books/refund_store.h"
#include "services/memberships/gifts/gift_fulfilment.h"
#include "services/memberships/plans/offering.h"
#include "services/memberships/subscriptions/settlement.h"
#include "services/memberships/support/attribution_store.h"
#include "services/memberships/support/donations.h"

namespace masthead::memberships {
namespace {

// Nobody's money, for now.
void Suspend(db::Transaction& tx, Payment& payment, const char* kind, absl::Time now) {
  payment.suspended = true;
  SavePayment(tx, payment);
  Post(tx, {.kind = kind, .member_id = payment.member_id, .payment_id = payment.id},
       BooksOf(payment, {}).BalanceWith(Account::kSuspense), now);
}

// `event` says why: the payer is told that it goes back.
void GiveBack(db::Transaction& tx, events::Feed& feed, Payment& payment, const char* event, absl::Time now) {
  Suspend(tx, payment, "payment.suspended", now);
  Refund refund;
  refund.id = ids::NewUuid();
  refund.payment_id = payment.id;
  refund.amount = payment.money.amount;
  refund.reason = event;
  refund.automatic = true;
  refund.next_action_time = now;
  refund.create_time = now;
  InsertRefund(tx, refund);
  AnnouncePayment(tx, feed, event, payment, payment.money.amount, now);
}

constexpr char kLate[] = "payment.refunded_late";
constexpr char kDouble[] = "payment.duplicate_refunded";

// What the invoice does not need is to the member's good.
void Keep(db::Transaction& tx, events::Feed& feed, Payment& payment, Invoice& invoice, absl::Time now) {
  const Posting before = BooksOf(invoice);
  TakePayment(invoice, payment.money.amount, now);
  SaveInvoice(tx, invoice);
  payment.invoice_id = invoice.id;
  SavePayment(tx, payment);
  Posting after = BooksOf(payment, {}).Add(BooksOf(invoice)).Subtract(before);
  Post(
      tx,
      {.kind = "payment.succeeded", .member_id = payment.member_id, .invoice_id = invoice.id, .payment_id = payment.id},
      after.BalanceWith(Account::kMemberCredit), now);
  AnnouncePayment(tx, feed, "payment.succeeded", payment, payment.money.amount, now);
  if (invoice.state != Invoice::State::kPaid) return;
  DropUnaskedAttempts(tx, invoice.id, now);
  AnnounceInvoice(tx, feed, "invoice.paid", invoice, now);
}

std::optional<Invoice> IssueFor(db::Transaction& tx, events::Feed& feed, const Checkout& checkout, absl::Time now) {
  const Price price = LoadPrice(tx, checkout.price_id).value();
  std::optional<Offer> offer;
  if (!checkout.offer_id.empty()) offer = LoadOffer(tx, checkout.offer_id).value();
  return IssueInvoice(tx, feed, DraftOf(checkout, price, offer ? &*offer : nullptr, now), now);
}

// The first invoice of what a checkout begins; unset if that has not begun, and then `refused` says why.
struct Beginning {
  std::optional<Invoice> invoice;
  const char* refused = nullptr;
};

Beginning Begin(db::Transaction& tx, events::Feed& feed, const Checkout& checkout, absl::string_view payment_method,
                absl::Time now) {
  if (checkout.subscription_id.empty()) return {.invoice = IssueFor(tx, feed, checkout, now)};
  switch (StartSubscription(tx, feed, checkout, checkout.provider, payment_method, now)) {
    case Settlement::kKept:
      return {.invoice = LockInvoiceOfCheckout(tx, checkout.id)};
    case Settlement::kTooLate:
      return {.invoice = std::nullopt, .refused = kLate};
    case Settlement::kOvertaken:
      return {.invoice = std::nullopt, .refused = kDouble};
  }
  return {};
}

void Complete(db::Transaction& tx, Checkout& checkout, const std::optional<Invoice>& invoice, absl::Time now) {
  if (!checkout.offer_id.empty()) RedeemOffer(tx, checkout.offer_id, checkout.member_id, now);
  if (checkout.kind != Checkout::Kind::kPaymentMethod) {
    RecordAttribution(tx, AttributionKind::kCheckout, checkout.id, checkout.member_id, checkout.attribution, now);
  }
  checkout.state = Checkout::State::kCompleted;
  checkout.complete_time = now;
  if (invoice) checkout.invoice_id = invoice->id;
  SaveCheckout(tx, checkout);
}

// What was not begun stays so; what it held is let go.
void Refuse(db::Transaction& tx, Checkout& checkout) {
  if (!checkout.offer_id.empty()) ReleaseOffer(tx, checkout.offer_id, checkout.member_id);
  checkout.state = Checkout::State::kExpired;
  SaveCheckout(tx, checkout);
}

void SettleCheckout(db::Transaction& tx, events::Feed& feed, Payment& payment, absl::Time now) {
  std::optional<Checkout> checkout = LockCheckout(tx, payment.checkout_id);
  if (!checkout || checkout->state == Checkout::State::kExpired) return GiveBack(tx, feed, payment, kLate, now);
  if (checkout->state == Checkout::State::kCompleted) return GiveBack(tx, feed, payment, kDouble, now);
  Beginning beginning = Begin(tx, feed, *checkout, payment.payment_method, now);
  if (beginning.refused != nullptr) {
    Refuse(tx, *checkout);
    return GiveBack(tx, feed, payment, beginning.refused, now);
  }
  if (beginning.invoice) Keep(tx, feed, payment, *beginning.invoice, now);
  Complete(tx, *checkout, beginning.invoice, now);
  if (checkout->kind == Checkout::Kind::kGift) FulfilGift(tx, feed, *checkout, beginning.invoice->id, now);
  if (checkout->kind == Checkout::Kind::kDonation) ReceiveDonation(tx, feed, *checkout, payment.id, now);
}

void SettleInvoice(db::Transaction& tx, events::Feed& feed, Payment& payment, absl::Time now) {
  std::optional<Invoice> invoice = LockInvoice(tx, payment.invoice_id);
  if (!invoice || invoice->state == Invoice::State::kVoid || invoice->state == Invoice::State::kUncollectible) {
    return GiveBack(tx, feed, payment, kLate, now);
  }
  if (invoice->state == Invoice::State::kPaid) return GiveBack(tx, feed, payment, kDouble, now);
  Keep(tx, feed, payment, *invoice, now);
  if (invoice->subscription_id.empty()) return;
  OnInvoicePaid(tx, feed, *invoice, now);
  const std::optional<Checkout> opened_by = LoadOpeningCheckout(tx, invoice->subscription_id);
  if (opened_by && opened_by->kind == Checkout::Kind::kDonation) {
    ReceiveDonation(tx, feed, *opened_by, payment.id, now);
  }
}

// It is settled: what was told last may say more.
void LearnMore(db::Transaction& tx, events::Feed& feed, Payment& payment, const Receipt& receipt, absl::Time now) {
  const bool new_method = payment.payment_method.empty() && !receipt.payment_method.empty();
  if (receipt.fee <= payment.fee && !new_method) return;
  PaymentChange change(tx, payment);
  payment.fee = std::max(payment.fee, receipt.fee);
  if (new_method) payment.payment_method = receipt.payment_method;
  change.Save("payment.fee", "", now);
  if (!new_method || payment.suspended || payment.checkout_id.empty()) return;
  const std::optional<Checkout> checkout = LockCheckout(tx, payment.checkout_id);
  if (checkout && !checkout->subscription_id.empty()) {
    UsePaymentMethod(tx, feed, checkout->subscription_id, payment.provider, payment.payment_method, now);
  }
}

}  // namespace

void SettlePayment(db::Transaction& tx, events::Feed& feed, Payment& payment, const Receipt& receipt, absl::Time now) {
  if (payment.state == Payment::State::kSucceeded) return LearnMore(tx, feed, payment, receipt, now);
  payment.state = Payment::State::kSucceeded;
  payment.fee = receipt.fee;
  payment.decline_code.clear();
  payment.next_action_time = std::nullopt;
  payment.settle_time = now;
  if (!receipt.payment_method.empty()) payment.payment_method = receipt.payment_method;
  if (receipt.money && *receipt.money != payment.money) {
    payment.money = *receipt.money;
    Suspend(tx, payment, "payment.suspended", now);
    return AnnouncePayment(tx, feed, "payment.suspended", payment, payment.money.amount, now);
  }
  return payment.kind == Payment::Kind::kCheckout ? SettleCheckout(tx, feed, payment, now)
                                                  : SettleInvoice(tx, feed, payment, now);
}

void FailPayment(db::Transaction& tx, events::Feed& feed, Payment& payment, absl::string_view decline_code,
                 bool retryable, bool final, absl::Time now) {
  if (IsResolved(payment.state)) return;
  payment.decline_code = std::string(decline_code);
  payment.retryable = retryable;
  if (payment.kind == Payment::Kind::kCheckout) {
    std::optional<Checkout> checkout = LockCheckout(tx, payment.checkout_id);
    SavePayment(tx, payment);
    if (checkout && (final || checkout->state == Checkout::State::kProcessing)) CloseCheckout(tx, feed, *checkout, now);
    return;
  }
  payment.state = Payment::State::kFailed;
  payment.next_action_time = std::nullopt;
  payment.settle_time = now;
  const std::optional<Invoice> invoice = LockInvoice(tx, payment.invoice_id);
  SavePayment(tx, payment);
  // An older attempt says nothing that the last one does not.
  if (!invoice || invoice->state != Invoice::State::kOpen) return;
  if (LoadAttempts(tx, invoice->id).front().id != payment.id) return;
  AnnouncePayment(tx, feed, "payment.failed", payment, payment.money.amount, now);
  if (!invoice->subscription_id.empty()) OnChargeFailed(tx, feed, *invoice, decline_code, retryable, now);
}

void CompleteUnpaid(db::Transaction& tx, events::Feed& feed, Checkout& checkout, absl::string_view payment_method,
                    absl::Time now) {
  if (checkout.state == Checkout::State::kCompleted || checkout.state == Checkout::State::kExpired) return;
  if (checkout.kind == Checkout::Kind::kPaymentMethod) {
    UsePaymentMethod(tx, feed, checkout.subscription_id, checkout.provider, payment_method, now);
    return Complete(tx, checkout, std::nullopt, now);
  }
  const Beginning beginning = Begin(tx, feed, checkout, payment_method, now);
  if (beginning.refused != nullptr) return Refuse(tx, checkout);
  Complete(tx, checkout, beginning.invoice, now);
  if (checkout.kind == Checkout::Kind::kGift) FulfilGift(tx, feed, checkout, beginning.invoice->id, now);
}

void AwaitPayment(db::Transaction& tx, Checkout& checkout, Payment& payment, absl::string_view payment_method) {
  if (checkout.state != Checkout::State::kOpen || IsResolved(payment.state)) return;
  checkout.state = Checkout::State::kProcessing;
  SaveCheckout(tx, checkout);
  payment.state = Payment::State::kProcessing;
  payment.payment_method = std::string(payment_method);
  SavePayment(tx, payment);
}

void CloseCheckout(db::Transaction& tx, events::Feed& feed, Checkout& checkout, absl::Time now) {
  if (checkout.state == Checkout::State::kCompleted || checkout.state == Checkout::State::kExpired) return;
  Refuse(tx, checkout);
  if (!checkout.subscription_id.empty() && checkout.kind != Checkout::Kind::kPaymentMethod) {
    ExpireSubscription(tx, feed, checkout.subscription_id, now);
  }
  const std::optional<Payment> found = LoadPaymentOfCheckout(tx, checkout.id);
  if (!found) return;
  std::optional<Payment> payment = LockPayment(tx, found->id);
  if (IsResolved(payment->state)) return;
  payment->state = Payment::State::kFailed;
  payment->settle_time = now;
  SavePayment(tx, *payment);
}

}  // namespace masthead::memberships
