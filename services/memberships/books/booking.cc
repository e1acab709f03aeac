#include "services/memberships/books/booking.h"

#include "services/memberships/billing/amounts.h"

namespace masthead::memberships {

Posting BooksOf(const Invoice& invoice) {
  Posting posting;
  if (invoice.state == Invoice::State::kVoid) return posting;
  const auto money = [&](int64_t amount) { return Money{invoice.currency, amount}; };
  // Tax goes back in the proportion in which it came, of the whole that was given back.
  const int64_t given_back = invoice.refunded + invoice.credited;
  const int64_t tax_given_back = invoice.total == 0 ? 0 : Scale(invoice.tax, given_back, invoice.total);
  const int64_t net = invoice.subtotal - invoice.discount;
  const int64_t owed = invoice.total - invoice.credit_applied - invoice.paid;
  return posting
      .Add(invoice.state == Invoice::State::kUncollectible ? Account::kUncollectible : Account::kReceivable,
           money(owed))
      .Add(Account::kMemberCredit, money(invoice.credit_applied - invoice.overhang() - invoice.credited))
      .Add(invoice.revenue_account, money(-net + given_back - tax_given_back))
      .Add(Account::kTax, money(-invoice.tax + tax_given_back));
}

Posting BooksOf(const Payment& payment, const std::vector<Dispute>& disputes) {
  Posting posting;
  if (payment.state != Payment::State::kSucceeded) return posting;
  int64_t withheld = 0;
  int64_t fees = payment.fee;
  for (const Dispute& dispute : disputes) {
    if (dispute.state == Dispute::State::kOpen) withheld += dispute.money.amount;
    fees += dispute.fee;
  }
  const auto money = [&](int64_t amount) { return Money{payment.money.currency, amount}; };
  return posting
      .Add(Account::kCash, money(payment.money.amount - LostBy(payment, disputes) - withheld - fees), payment.provider)
      .Add(Account::kFees, money(fees), payment.provider)
      .Add(Account::kDisputes, money(withheld));
}

int64_t LostBy(const Payment& payment, const std::vector<Dispute>& disputes) {
  int64_t lost = payment.refunded;
  for (const Dispute& dispute : disputes) {
    if (dispute.state == Dispute::State::kLost) lost += dispute.money.amount;
  }
  return lost;
}

}  // namespace masthead::memberships
