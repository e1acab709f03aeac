#include "services/memberships/books/invoicing.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "common/ids/uuid.h"
#include "services/memberships/billing/chargeable.h"
#include "services/memberships/books/announcements.h"
#include "services/memberships/books/booking.h"
#include "services/memberships/books/ledger_store.h"
#include "services/memberships/books/payment_store.h"
#include "services/memberships/books/refund_store.h"

namespace masthead::memberships {
namespace {

LedgerSubject About(const char* kind, const Invoice& invoice) {
  return {.kind = kind, .member_id = invoice.member_id, .invoice_id = invoice.id};
}

// Of the member's good, with what is carried: what is left can be charged, or is nothing.
int64_t CreditFor(const Invoice& invoice, int64_t balance) {
  if (balance >= invoice.total) return invoice.total;
  return invoice.total - Chargeable({invoice.currency, invoice.total - balance});
}

// Stores what `change` does to the invoice, and books the difference.
template <typename Change>
void ChangeInvoice(db::Transaction& tx, const char* kind, Invoice& invoice, absl::Time now, Change change) {
  const Posting before = BooksOf(invoice);
  change();
  SaveInvoice(tx, invoice);
  Post(tx, About(kind, invoice), BooksOf(invoice).Subtract(before), now);
}

void CloseUnpaid(db::Transaction& tx, events::Feed& feed, absl::string_view invoice_id, Invoice::State state,
                 const char* type, absl::Time now) {
  std::optional<Invoice> invoice = LockInvoice(tx, invoice_id);
  if (!invoice || invoice->state != Invoice::State::kOpen) return;
  ChangeInvoice(tx, type, *invoice, now, [&] {
    invoice->state = state;
    invoice->settle_time = now;
  });
  DropUnaskedAttempts(tx, invoice->id, now);
  AnnounceInvoice(tx, feed, type, *invoice, now);
}

}  // namespace

std::optional<Invoice> IssueInvoice(db::Transaction& tx, events::Feed& feed, const InvoiceDraft& draft,
                                    absl::Time now) {
  Invoice invoice = PriceDraft(draft).invoice;
  invoice.id = ids::NewUuid();
  invoice.create_time = now;
  const bool agreed_at_checkout = !draft.checkout_id.empty();
  invoice.credit_applied =
      CreditFor(invoice, agreed_at_checkout ? 0 : MemberCredit(tx, invoice.member_id, invoice.currency));
  if (invoice.due().amount == 0) {
    invoice.state = Invoice::State::kPaid;
    invoice.settle_time = now;
  }
  if (!InsertInvoice(tx, invoice)) return std::nullopt;
  Post(tx, About("invoice.issued", invoice), BooksOf(invoice), now);
  AnnounceIssued(tx, feed, invoice, now);
  if (invoice.state == Invoice::State::kPaid) AnnounceInvoice(tx, feed, "invoice.paid", invoice, now);
  return invoice;
}

Payment ChargeOf(const Invoice& invoice, absl::string_view provider, absl::string_view payment_method, absl::Time now) {
  Payment payment;
  payment.id = ids::NewUuid();
  payment.member_id = invoice.member_id;
  payment.invoice_id = invoice.id;
  payment.kind = Payment::Kind::kCharge;
  payment.provider = std::string(provider);
  payment.payment_method = std::string(payment_method);
  payment.money = invoice.due();
  payment.next_action_time = now;
  payment.create_time = now;
  return payment;
}

bool RequestCharge(db::Transaction& tx, const Invoice& invoice, absl::string_view provider,
                   absl::string_view payment_method, absl::Time now) {
  if (invoice.due().amount == 0 || provider.empty() || payment_method.empty()) return false;
  return InsertNextAttempt(tx, ChargeOf(invoice, provider, payment_method, now));
}

void VoidInvoice(db::Transaction& tx, events::Feed& feed, absl::string_view invoice_id, absl::Time now) {
  CloseUnpaid(tx, feed, invoice_id, Invoice::State::kVoid, "invoice.voided", now);
}

void MarkUncollectible(db::Transaction& tx, events::Feed& feed, absl::string_view invoice_id, absl::Time now) {
  CloseUnpaid(tx, feed, invoice_id, Invoice::State::kUncollectible, "invoice.uncollectible", now);
}

int64_t CreditUnused(db::Transaction& tx, absl::string_view invoice_id, int64_t amount, absl::Time now) {
  std::optional<Invoice> invoice = LockInvoice(tx, invoice_id);
  if (!invoice || invoice->state != Invoice::State::kPaid) return 0;
  const int64_t credit = std::clamp<int64_t>(amount, 0, std::max<int64_t>(invoice->kept(), 0));
  if (credit == 0) return 0;
  ChangeInvoice(tx, "invoice.credited", *invoice, now, [&] { invoice->credited += credit; });
  return credit;
}

int64_t RefundUnused(db::Transaction& tx, absl::string_view invoice_id, int64_t amount, absl::string_view reason,
                     absl::Time now) {
  const std::optional<Invoice> invoice = LockInvoice(tx, invoice_id);
  if (!invoice || invoice->state != Invoice::State::kPaid) return 0;
  const int64_t wanted = std::clamp<int64_t>(amount, 0, std::max<int64_t>(invoice->kept(), 0));
  int64_t left = wanted;
  for (const Payment& payment : LoadAttempts(tx, invoice_id)) {
    // What was paid by hand is given back by hand.
    if (payment.suspended || payment.kind == Payment::Kind::kManual) continue;
    const int64_t part = std::min(left, Refundable(payment, LoadRefunds(tx, payment.id)));
    if (part == 0) continue;
    Refund refund;
    refund.id = ids::NewUuid();
    refund.payment_id = payment.id;
    refund.amount = part;
    refund.reason = std::string(reason);
    refund.next_action_time = now;
    refund.create_time = now;
    InsertRefund(tx, refund);
    left -= part;
  }
  return wanted - left;
}

}  // namespace masthead::memberships
