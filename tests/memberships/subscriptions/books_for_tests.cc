// Books and offerings as far as subscriptions need them, while those that will stand in their place are not linked.
#include "common/ids/uuid.h"
#include "services/memberships/billing/amounts.h"
#include "services/memberships/books/invoicing.h"
#include "services/memberships/mail/outgoing_mail.h"
#include "services/memberships/plans/offering.h"
#include "services/memberships/seats/seat_grants.h"

namespace masthead::memberships {

PricedDraft PriceDraft(const InvoiceDraft& draft) {
  Invoice invoice;
  invoice.member_id = draft.member_id;
  invoice.subscription_id = draft.subscription_id;
  invoice.kind = draft.kind;
  invoice.period_index = draft.period_index;
  invoice.currency = draft.currency;
  invoice.lines = draft.lines;
  for (const InvoiceLine& line : draft.lines) invoice.subtotal += line.amount;
  invoice.discount = draft.discount;
  if (!invoice.lines.empty()) invoice.lines.front().discount = draft.discount;
  const int64_t net = invoice.subtotal - invoice.discount;
  invoice.total = std::max<int64_t>(net, 0);
  invoice.period_start_time = draft.period_start_time;
  invoice.period_end_time = draft.period_end_time;
  invoice.due_time = draft.due_time;
  return {invoice, std::max<int64_t>(-net, 0)};
}

std::optional<Invoice> IssueInvoice(db::Transaction& tx, events::Feed&, const InvoiceDraft& draft, absl::Time now) {
  Invoice invoice = PriceDraft(draft).invoice;
  invoice.id = ids::NewUuid();
  invoice.create_time = now;
  invoice.state = invoice.total == 0 ? Invoice::State::kPaid : Invoice::State::kOpen;
  const bool cycle = invoice.kind == Invoice::Kind::kCycle;
  const bool inserted =
      tx.Query(
            "INSERT INTO invoices (id, number, member_id, subscription_id, kind, period_index, currency, subtotal, "
            "discount, tax, total, state, period_start_time, period_end_time, revision, create_time, due_time) VALUES "
            "($1, (SELECT count(*) FROM invoices), $2, $3, $4, $5, $6, $7, $8, 0, $9, $10, $11, $12, 1, $13, $14) ON "
            "CONFLICT DO NOTHING",
            invoice.id, invoice.member_id, invoice.subscription_id, cycle ? "CYCLE" : "CHANGE", invoice.period_index,
            invoice.currency, invoice.subtotal, invoice.discount, invoice.total,
            invoice.state == Invoice::State::kPaid ? "PAID" : "OPEN", invoice.period_start_time,
            invoice.period_end_time, now, invoice.due_time)
          .affected_rows() == 1;
  if (!inserted) return std::nullopt;
  int n = 0;
  for (const InvoiceLine& line : invoice.lines) {
    const char* kind = line.kind == InvoiceLine::Kind::kPeriod            ? "PERIOD"
                       : line.kind == InvoiceLine::Kind::kProrationCredit ? "PRORATION_CREDIT"
                                                                          : "PRORATION_CHARGE";
    tx.Query(
        "INSERT INTO invoice_lines (invoice_id, line, kind, description, quantity, amount, discount, tax) VALUES ($1, "
        "$2, $3, $4, $5, $6, $7, 0)",
        invoice.id, n++, kind, line.description, line.quantity, line.amount, line.discount);
  }
  return invoice;
}

bool RequestCharge(db::Transaction& tx, const Invoice& invoice, absl::string_view provider, absl::string_view method,
                   absl::Time now) {
  return tx.Query(
               "INSERT INTO payments (id, invoice_id, attempt, member_id, kind, state, provider, payment_method, "
               "currency, amount, revision, create_time) SELECT $1, $2, (SELECT count(*) FROM payments WHERE "
               "invoice_id "
               "= $2) + 1, $3, 'CHARGE', 'CREATED', $4, $5, $6, $7, 1, $8 ON CONFLICT DO NOTHING",
               ids::NewUuid(), invoice.id, invoice.member_id, provider, method, invoice.currency, invoice.due().amount,
               now)
             .affected_rows() == 1;
}

void VoidInvoice(db::Transaction& tx, events::Feed&, absl::string_view id, absl::Time) {
  tx.Query("UPDATE invoices SET state = 'VOID' WHERE id = $1 AND state = 'OPEN'", id);
}

void MarkUncollectible(db::Transaction& tx, events::Feed&, absl::string_view id, absl::Time) {
  tx.Query("UPDATE invoices SET state = 'UNCOLLECTIBLE' WHERE id = $1 AND state = 'OPEN'", id);
}

int64_t CreditUnused(db::Transaction& tx, absl::string_view id, int64_t amount, absl::Time) {
  const pqxx::result rows = tx.Query(
      "UPDATE invoices SET refunded = refunded + least($2::bigint, paid - refunded) WHERE id = $1 RETURNING refunded",
      id, amount);
  return rows.empty() ? 0 : rows[0][0].as<int64_t>();
}

int64_t RefundUnused(db::Transaction& tx, absl::string_view id, int64_t amount, absl::string_view, absl::Time now) {
  return CreditUnused(tx, id, amount, now);
}

std::vector<Invoice> LoadInvoicesOf(db::Transaction& tx, absl::string_view subscription_id) {
  std::vector<Invoice> invoices;
  for (const pqxx::row& row :
       tx.Query("SELECT * FROM invoices WHERE subscription_id = $1 ORDER BY create_time DESC, number DESC",
                subscription_id)) {
    Invoice invoice;
    invoice.member_id = row["member_id"].as<std::string>();
    invoice.id = row["id"].as<std::string>();
    invoice.subscription_id = row["subscription_id"].as<std::string>();
    invoice.kind = row["kind"].as<std::string>() == "CYCLE" ? Invoice::Kind::kCycle : Invoice::Kind::kChange;
    invoice.period_index = row["period_index"].as<std::optional<int64_t>>();
    invoice.currency = row["currency"].as<std::string>();
    invoice.subtotal = row["subtotal"].as<int64_t>();
    invoice.discount = row["discount"].as<int64_t>();
    invoice.total = row["total"].as<int64_t>();
    invoice.paid = row["paid"].as<int64_t>();
    invoice.refunded = row["refunded"].as<int64_t>();
    const std::string state = row["state"].as<std::string>();
    invoice.state = state == "OPEN"   ? Invoice::State::kOpen
                    : state == "PAID" ? Invoice::State::kPaid
                                      : Invoice::State::kVoid;
    invoice.period_start_time = row["period_start_time"].as<std::optional<absl::Time>>();
    invoice.period_end_time = row["period_end_time"].as<std::optional<absl::Time>>();
    for (const pqxx::row& line :
         tx.Query("SELECT * FROM invoice_lines WHERE invoice_id = $1 ORDER BY line", invoice.id)) {
      const std::string kind = line["kind"].as<std::string>();
      invoice.lines.push_back({.kind = kind == "PERIOD"             ? InvoiceLine::Kind::kPeriod
                                       : kind == "PRORATION_CREDIT" ? InvoiceLine::Kind::kProrationCredit
                                                                    : InvoiceLine::Kind::kProrationCharge,
                               .description = line["description"].as<std::string>(),
                               .amount = line["amount"].as<int64_t>(),
                               .discount = line["discount"].as<int64_t>()});
    }
    invoices.push_back(std::move(invoice));
  }
  return invoices;
}

absl::StatusOr<Price> LoadPrice(db::Transaction& tx, absl::string_view id) {
  const pqxx::result rows = tx.Query("SELECT * FROM prices WHERE id = $1", id);
  if (rows.empty()) return absl::NotFoundError("no price");
  const pqxx::row row = rows[0];
  Price price;
  price.id = row["id"].as<std::string>();
  price.tier_id = row["tier_id"].as<std::string>("");
  price.display_name = row["display_name"].as<std::string>();
  price.money = {row["currency"].as<std::string>(), row["amount"].as<int64_t>()};
  price.interval = BillingInterval{
      row["interval_unit"].as<std::string>() == "YEAR" ? BillingInterval::Unit::kYear : BillingInterval::Unit::kMonth,
      1};
  price.trial_days = row["trial_days"].as<int32_t>();
  price.most_seats = row["most_seats"].as<int32_t>();
  price.grace_days = row["grace_days"].as<int32_t>();
  return price;
}

absl::StatusOr<Offer> LoadOffer(db::Transaction& tx, absl::string_view id) {
  const pqxx::result rows = tx.Query("SELECT * FROM offers WHERE id = $1", id);
  if (rows.empty()) return absl::NotFoundError("no offer");
  Offer offer;
  offer.id = std::string(id);
  const bool days = rows[0]["kind"].as<std::string>() == "FREE_DAYS";
  offer.kind = days ? Offer::Kind::kFreeDays : Offer::Kind::kPercent;
  offer.basis_points = rows[0]["basis_points"].as<int32_t>(0);
  offer.free_days = rows[0]["free_days"].as<int32_t>(0);
  return offer;
}

int64_t DiscountOf(const Offer& offer, int64_t amount) { return PercentOff(amount, offer.basis_points); }
std::optional<int32_t> InvoicesOf(const Offer&) { return 1; }
absl::StatusOr<Offer> ReserveOffer(db::Transaction& tx, absl::string_view id, absl::string_view, const Price&,
                                   Offer::Occasion, absl::Time, absl::Time) {
  return LoadOffer(tx, id);
}
void RedeemOffer(db::Transaction&, absl::string_view, absl::string_view, absl::Time) {}
int32_t TrialDays(db::Transaction&, absl::string_view, absl::string_view, const Price& price, const Offer*) {
  return price.trial_days;
}
void ConsumeTrial(db::Transaction&, absl::string_view, absl::string_view, absl::Time) {}

void QueueMail(db::Transaction&, const OutgoingMail&, absl::Time) {}
void RefreshSeatGrants(db::Transaction&, events::Feed&, absl::string_view, absl::string_view, std::optional<absl::Time>,
                       absl::Time) {}
absl::Status CheckSeats(db::Transaction&, absl::string_view, int32_t) { return absl::OkStatus(); }
void TrimSeats(db::Transaction&, events::Feed&, absl::string_view, int32_t, absl::Time) {}

}  // namespace masthead::memberships
