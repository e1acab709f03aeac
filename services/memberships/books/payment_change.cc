#include "services/memberships/books/payment_change.h"

#include <string>

#include "services/memberships/books/booking.h"
#include "services/memberships/books/dispute_store.h"
#include "services/memberships/books/invoice_store.h"
#include "services/memberships/books/ledger_store.h"
#include "services/memberships/books/payment_store.h"

namespace masthead::memberships {

PaymentChange::PaymentChange(db::Transaction& tx, Payment& payment)
    : tx_(tx), payment_(payment), disputes_(LoadDisputes(tx, payment.id)) {
  if (!payment.suspended && !payment.invoice_id.empty()) invoice_ = LockInvoice(tx, payment.invoice_id);
  before_ = Books();
  lost_before_ = LostBy(payment_, disputes_);
}

void PaymentChange::Save(const char* kind, absl::string_view refund_id, absl::Time now) {
  const int64_t lost = LostBy(payment_, disputes_) - lost_before_;
  if (invoice_ && lost > 0) {
    TakeRefund(*invoice_, lost);
    SaveInvoice(tx_, *invoice_);
  }
  SavePayment(tx_, payment_);
  for (const Dispute& dispute : disputes_) SaveDispute(tx_, payment_.provider, dispute);
  Posting difference = Books().Subtract(before_);
  Post(tx_,
       {.kind = kind,
        .member_id = payment_.member_id,
        .invoice_id = payment_.invoice_id,
        .payment_id = payment_.id,
        .refund_id = std::string(refund_id)},
       difference.BalanceWith(payment_.suspended ? Account::kSuspense : Account::kMemberCredit), now);
}

Posting PaymentChange::Books() const {
  Posting books = BooksOf(payment_, disputes_);
  if (invoice_) books.Add(BooksOf(*invoice_));
  return books;
}

}  // namespace masthead::memberships
