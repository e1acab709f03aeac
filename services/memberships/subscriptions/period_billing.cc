#include "services/memberships/subscriptions/period_billing.h"

#include <utility>

#include "services/memberships/mail/outgoing_mail.h"
#include "services/memberships/subscriptions/move.h"
#include "services/memberships/subscriptions/subscription_moves.h"

namespace masthead::memberships {
namespace {

InvoiceDraft DraftOfPeriod(const Price& price, int64_t discount, const Subscription& subscription,
                           absl::string_view checkout_id) {
  const bool is_donation = subscription.terms.tier_id.empty();
  InvoiceDraft draft;
  draft.member_id = subscription.member_id;
  draft.subscription_id = subscription.id;
  draft.checkout_id = std::string(checkout_id);
  draft.kind = Invoice::Kind::kCycle;
  draft.period_index = subscription.period_index;
  draft.currency = subscription.terms.money.currency;
  draft.lines.push_back({.kind = is_donation ? InvoiceLine::Kind::kDonation : InvoiceLine::Kind::kPeriod,
                         .description = price.display_name,
                         .quantity = subscription.terms.seats,
                         .amount = PeriodPrice(subscription.terms),
                         .start_time = subscription.period_start_time,
                         .end_time = subscription.period_end_time});
  draft.discount = discount;
  draft.tax_basis_points = subscription.terms.tax_basis_points;
  draft.period_start_time = subscription.period_start_time;
  draft.period_end_time = subscription.period_end_time;
  draft.due_time = subscription.period_start_time;
  return draft;
}

}  // namespace

std::optional<Invoice> BillPeriod(db::Transaction& tx, events::Feed& feed, Offerings& offerings,
                                  Subscription& subscription, absl::string_view checkout_id, absl::Time now) {
  const int64_t discount = offerings.NextDiscount(subscription, PeriodPrice(subscription.terms));
  const std::optional<Invoice> invoice = IssueInvoice(
      tx, feed, DraftOfPeriod(offerings.PriceOf(subscription.terms.price_id), discount, subscription, checkout_id),
      now);
  if (!invoice) return std::nullopt;
  if (subscription.offer_invoices_left.value_or(0) > 0) --*subscription.offer_invoices_left;
  if (invoice->state == Invoice::State::kPaid) subscription.period_paid = true;
  return invoice;
}

std::vector<Invoice> LoadOpenInvoices(db::Transaction& tx, absl::string_view subscription_id) {
  std::vector<Invoice> open;
  for (Invoice& invoice : LoadInvoicesOf(tx, subscription_id)) {
    if (invoice.state == Invoice::State::kOpen) open.push_back(std::move(invoice));
  }
  return open;
}

std::optional<Invoice> FindDueInvoice(db::Transaction& tx, const Subscription& subscription) {
  for (Invoice& invoice : LoadOpenInvoices(tx, subscription.id)) {
    if (invoice.kind == Invoice::Kind::kCycle && invoice.period_index == subscription.period_index) {
      return std::move(invoice);
    }
  }
  return std::nullopt;
}

void VoidOpenInvoices(db::Transaction& tx, events::Feed& feed, absl::string_view subscription_id, absl::Time now) {
  for (const Invoice& invoice : LoadOpenInvoices(tx, subscription_id)) VoidInvoice(tx, feed, invoice.id, now);
}

void DropUnpaidChange(db::Transaction& tx, events::Feed& feed, Subscription& subscription, absl::Time now) {
  if (!subscription.pending || subscription.pending->invoice_id.empty()) return;
  VoidInvoice(tx, feed, subscription.pending->invoice_id, now);
  subscription.pending = std::nullopt;
}

void FallPastDue(db::Transaction& tx, events::Feed& feed, Offerings& offerings, Subscription& subscription,
                 absl::string_view decline_code, bool retryable, absl::Time now) {
  Move move(tx, feed, subscription);
  if (!FailCharge(subscription, retryable, now).ok()) return;
  if (move.before().state == Subscription::State::kPastDue) return move.StoreQuietly(now);
  move.Store("subscription.past_due", decline_code, now);
  QueueMail(tx,
            {.template_id = "payment-failed",
             .member_id = subscription.member_id,
             .values = {{"plan", offerings.PriceOf(subscription.terms.price_id).display_name},
                        {"grace_end_time",
                         absl::FormatTime(absl::RFC3339_sec, GraceEndTime(subscription), subscription.time_zone)}},
             .expire_time = now + absl::Hours(24)},
            now);
}

void GiveUp(db::Transaction& tx, events::Feed& feed, Subscription& subscription, absl::Time now) {
  Move move(tx, feed, subscription);
  if (!EndGrace(subscription, now).ok()) return;
  for (const Invoice& invoice : LoadOpenInvoices(tx, subscription.id)) MarkUncollectible(tx, feed, invoice.id, now);
  move.Store("subscription.ended", Name(subscription.end_reason), now);
}

}  // namespace masthead::memberships
