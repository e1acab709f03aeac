#include "services/memberships/books/invoice_store.h"

#include <map>

namespace masthead::memberships {
namespace {

constexpr char kInsertInvoice[] = R"sql(
  WITH issued AS (
    INSERT INTO invoices (id, member_id, subscription_id, checkout_id, kind, period_index, currency, subtotal, discount,
                          tax, total, credit_applied, paid, state, revenue_account, period_start_time, period_end_time,
                          revision, create_time, due_time, settle_time, event_revision)
    VALUES ($1, $2, nullif($3, ''), nullif($4, ''), $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18,
            $19, $20, $21, 1)
    ON CONFLICT DO NOTHING
    RETURNING id
  )
  INSERT INTO invoice_lines (invoice_id, line, kind, description, quantity, amount, discount, tax, start_time, end_time)
  SELECT issued.id, drawn.*
  FROM issued, unnest($22::bigint[], $23::text[], $24::text[], $25::bigint[], $26::bigint[], $27::bigint[],
                      $28::bigint[], $29::timestamptz[], $30::timestamptz[]) AS drawn
)sql";

constexpr char kLoadInvoice[] = R"sql(
  SELECT * FROM invoices WHERE id = $1
)sql";

constexpr char kLockInvoice[] = R"sql(
  SELECT * FROM invoices WHERE id = $1 FOR UPDATE
)sql";

constexpr char kLockInvoiceOfCheckout[] = R"sql(
  SELECT * FROM invoices WHERE checkout_id = $1 ORDER BY create_time, id LIMIT 1 FOR UPDATE
)sql";

constexpr char kLoadLines[] = R"sql(
  SELECT * FROM invoice_lines WHERE invoice_id = ANY ($1::text[]) ORDER BY invoice_id, line
)sql";

constexpr char kSaveInvoice[] = R"sql(
  UPDATE invoices
  SET paid = $2, refunded = $3, credited = $4, state = $5, settle_time = $6, revision = $7
  WHERE id = $1
)sql";

constexpr char kRaiseEventRevision[] = R"sql(
  UPDATE invoices SET event_revision = event_revision + 1 WHERE id = $1 RETURNING event_revision
)sql";

constexpr char kLoadInvoices[] = R"sql(
  SELECT * FROM invoices
  WHERE member_id = $1 AND ($2::text IS NULL OR state = $2) AND (create_time, id) < ($3, $4)
  ORDER BY create_time DESC, id DESC
  LIMIT $5
)sql";

constexpr char kLoadInvoicesOfSubscription[] = R"sql(
  SELECT * FROM invoices WHERE subscription_id = $1 ORDER BY create_time DESC, id DESC
)sql";

constexpr char kLoadBillingMethod[] = R"sql(
  SELECT provider, payment_method FROM subscriptions WHERE id = $1
)sql";

using OptionalTime = std::optional<absl::Time>;

Invoice FromRow(const pqxx::row& row) {
  Invoice invoice;
  invoice.id = row["id"].c_str();
  invoice.number = row["number"].as<int64_t>(0);
  invoice.member_id = row["member_id"].c_str();
  invoice.subscription_id = row["subscription_id"].c_str();
  invoice.checkout_id = row["checkout_id"].c_str();
  invoice.kind = ParseInvoiceKind(row["kind"].c_str()).value();
  invoice.period_index = row["period_index"].as<std::optional<int64_t>>();
  invoice.currency = row["currency"].c_str();
  invoice.subtotal = row["subtotal"].as<int64_t>();
  invoice.discount = row["discount"].as<int64_t>();
  invoice.tax = row["tax"].as<int64_t>();
  invoice.total = row["total"].as<int64_t>();
  invoice.credit_applied = row["credit_applied"].as<int64_t>();
  invoice.paid = row["paid"].as<int64_t>();
  invoice.refunded = row["refunded"].as<int64_t>();
  invoice.credited = row["credited"].as<int64_t>();
  invoice.state = ParseInvoiceState(row["state"].c_str()).value();
  invoice.revenue_account = ParseAccount(row["revenue_account"].c_str()).value();
  invoice.period_start_time = row["period_start_time"].as<OptionalTime>();
  invoice.period_end_time = row["period_end_time"].as<OptionalTime>();
  invoice.revision = row["revision"].as<int64_t>();
  invoice.create_time = row["create_time"].as<absl::Time>();
  invoice.due_time = row["due_time"].as<absl::Time>();
  invoice.settle_time = row["settle_time"].as<OptionalTime>();
  return invoice;
}

InvoiceLine LineFromRow(const pqxx::row& row) {
  return {.kind = ParseInvoiceLineKind(row["kind"].c_str()).value(),
          .description = row["description"].c_str(),
          .quantity = row["quantity"].as<int32_t>(),
          .amount = row["amount"].as<int64_t>(),
          .discount = row["discount"].as<int64_t>(),
          .tax = row["tax"].as<int64_t>(),
          .start_time = row["start_time"].as<OptionalTime>(),
          .end_time = row["end_time"].as<OptionalTime>()};
}

std::vector<Invoice> FromRows(db::Transaction& tx, const pqxx::result& rows) {
  std::vector<Invoice> invoices;
  std::vector<std::string> ids;
  for (const pqxx::row& row : rows) {
    invoices.push_back(FromRow(row));
    ids.push_back(invoices.back().id);
  }
  if (ids.empty()) return invoices;
  std::map<std::string, std::vector<InvoiceLine>> lines;
  for (const pqxx::row& row : tx.Query(kLoadLines, db::TextArray(ids))) {
    lines[row["invoice_id"].c_str()].push_back(LineFromRow(row));
  }
  for (Invoice& invoice : invoices) invoice.lines = std::move(lines[invoice.id]);
  return invoices;
}

std::optional<Invoice> FirstRow(db::Transaction& tx, const pqxx::result& rows) {
  std::vector<Invoice> invoices = FromRows(tx, rows);
  if (invoices.empty()) return std::nullopt;
  return std::move(invoices.front());
}

// The lines of an invoice, column by column.
struct LineColumns {
  explicit LineColumns(const std::vector<InvoiceLine>& lines) {
    for (const InvoiceLine& line : lines) {
      numbers.push_back(static_cast<int64_t>(numbers.size()) + 1);
      kinds.emplace_back(Name(line.kind));
      descriptions.push_back(line.description);
      quantities.push_back(line.quantity);
      amounts.push_back(line.amount);
      discounts.push_back(line.discount);
      taxes.push_back(line.tax);
      starts.push_back(line.start_time);
      ends.push_back(line.end_time);
    }
  }

  std::vector<int64_t> numbers;
  std::vector<std::string> kinds;
  std::vector<std::string> descriptions;
  std::vector<int64_t> quantities;
  std::vector<int64_t> amounts;
  std::vector<int64_t> discounts;
  std::vector<int64_t> taxes;
  std::vector<OptionalTime> starts;
  std::vector<OptionalTime> ends;
};

}  // namespace

bool InsertInvoice(db::Transaction& tx, const Invoice& invoice) {
  const LineColumns lines(invoice.lines);
  return tx.Query(kInsertInvoice, invoice.id, invoice.member_id, invoice.subscription_id, invoice.checkout_id,
                  Name(invoice.kind), invoice.period_index, invoice.currency, invoice.subtotal, invoice.discount,
                  invoice.tax, invoice.total, invoice.credit_applied, invoice.paid, Name(invoice.state),
                  Name(invoice.revenue_account), invoice.period_start_time, invoice.period_end_time, invoice.revision,
                  invoice.create_time, invoice.due_time, invoice.settle_time, db::Int64Array(lines.numbers),
                  db::TextArray(lines.kinds), db::TextArray(lines.descriptions), db::Int64Array(lines.quantities),
                  db::Int64Array(lines.amounts), db::Int64Array(lines.discounts), db::Int64Array(lines.taxes),
                  db::TimeArray(lines.starts), db::TimeArray(lines.ends))
             .affected_rows() > 0;
}

std::optional<Invoice> LoadInvoice(db::Transaction& tx, absl::string_view id) {
  return FirstRow(tx, tx.Query(kLoadInvoice, id));
}

std::optional<Invoice> LockInvoice(db::Transaction& tx, absl::string_view id) {
  return FirstRow(tx, tx.Query(kLockInvoice, id));
}

std::optional<Invoice> LockInvoiceOfCheckout(db::Transaction& tx, absl::string_view checkout_id) {
  return FirstRow(tx, tx.Query(kLockInvoiceOfCheckout, checkout_id));
}

void SaveInvoice(db::Transaction& tx, Invoice& invoice) {
  ++invoice.revision;
  tx.Query(kSaveInvoice, invoice.id, invoice.paid, invoice.refunded, invoice.credited, Name(invoice.state),
           invoice.settle_time, invoice.revision);
}

int64_t RaiseInvoiceEventRevision(db::Transaction& tx, absl::string_view id) {
  return tx.Query(kRaiseEventRevision, id).front()[0].as<int64_t>();
}

std::vector<Invoice> LoadInvoices(db::Transaction& tx, absl::string_view member_id, std::optional<Invoice::State> state,
                                  const std::optional<InvoiceCursor>& before, int limit) {
  const InvoiceCursor start = before.value_or(InvoiceCursor{absl::InfiniteFuture(), ""});
  const std::optional<std::string> only = state ? std::optional(std::string(Name(*state))) : std::nullopt;
  return FromRows(tx, tx.Query(kLoadInvoices, member_id, only, start.create_time, start.id, limit));
}

std::vector<Invoice> LoadInvoicesOf(db::Transaction& tx, absl::string_view subscription_id) {
  return FromRows(tx, tx.Query(kLoadInvoicesOfSubscription, subscription_id));
}

std::optional<BillingMethod> LoadBillingMethod(db::Transaction& tx, absl::string_view subscription_id) {
  const pqxx::result rows = tx.Query(kLoadBillingMethod, subscription_id);
  if (rows.empty()) return std::nullopt;
  return BillingMethod{rows[0][0].c_str(), rows[0][1].c_str()};
}

}  // namespace masthead::memberships
