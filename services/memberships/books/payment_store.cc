#include "services/memberships/books/payment_store.h"

namespace masthead::memberships {
namespace {

constexpr char kLockPayer[] = R"sql(
  SELECT FROM members WHERE id = $1 FOR UPDATE
)sql";

constexpr char kInsertPayment[] = R"sql(
  INSERT INTO payments (id, invoice_id, checkout_id, attempt, member_id, kind, state, provider, provider_ref,
                        payment_method, currency, amount, reference, next_action_time, lease_time, revision,
                        create_time, settle_time)
  VALUES ($1, nullif($2, ''), nullif($3, ''), $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)
)sql";

constexpr char kInsertNextAttempt[] = R"sql(
  INSERT INTO payments (id, invoice_id, attempt, member_id, kind, state, provider, payment_method, currency, amount,
                        reference, next_action_time, lease_time, revision, create_time, settle_time)
  SELECT $1, $2, coalesce(max(attempt), 0) + 1, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15
  FROM payments
  WHERE invoice_id = $2
  HAVING bool_and(state IN ('SUCCEEDED', 'FAILED')) IS NOT FALSE
)sql";

constexpr char kLoadPayment[] = R"sql(
  SELECT * FROM payments WHERE id = $1
)sql";

constexpr char kLockPayment[] = R"sql(
  SELECT * FROM payments WHERE id = $1 FOR UPDATE
)sql";

constexpr char kLoadPaymentByRef[] = R"sql(
  SELECT * FROM payments WHERE provider = $1 AND provider_ref = $2 AND provider_ref <> ''
)sql";

constexpr char kLoadPaymentOfCheckout[] = R"sql(
  SELECT * FROM payments WHERE checkout_id = $1
)sql";

constexpr char kLoadAttempts[] = R"sql(
  SELECT * FROM payments WHERE invoice_id = $1 ORDER BY attempt DESC
)sql";

// Whoever takes a payment to its provider has a lease on it first.
constexpr char kDropUnaskedAttempts[] = R"sql(
  UPDATE payments
  SET state = 'FAILED', decline_code = 'not_needed', next_action_time = NULL, settle_time = $2, revision = revision + 1
  WHERE invoice_id = $1 AND state = 'CREATED' AND lease_time IS NULL
)sql";

constexpr char kSavePayment[] = R"sql(
  UPDATE payments
  SET invoice_id = nullif($2, ''), state = $3, provider_ref = $4, payment_method = $5, currency = $6, amount = $7,
      fee = $8, told_refunded = $9, refunded = $10, suspended = $11, decline_code = $12, retryable = $13, lookups = $14,
      next_action_time = $15, lease_time = NULL, revision = $16, settle_time = $17
  WHERE id = $1
)sql";

constexpr char kRaiseEventRevision[] = R"sql(
  UPDATE payments SET event_revision = event_revision + 1 WHERE id = $1 RETURNING event_revision
)sql";

constexpr char kLoadPayments[] = R"sql(
  SELECT * FROM payments
  WHERE member_id = $1 AND (create_time, id) < ($2, $3)
  ORDER BY create_time DESC, id DESC
  LIMIT $4
)sql";

using OptionalTime = std::optional<absl::Time>;

Payment FromRow(const pqxx::row& row) {
  Payment payment;
  payment.member_id = row["member_id"].c_str();
  payment.id = row["id"].c_str();
  payment.invoice_id = row["invoice_id"].c_str();
  payment.checkout_id = row["checkout_id"].c_str();
  payment.attempt = row["attempt"].as<int32_t>();
  payment.kind = ParsePaymentKind(row["kind"].c_str()).value();
  payment.state = ParsePaymentState(row["state"].c_str()).value();
  payment.provider = row["provider"].c_str();
  payment.provider_ref = row["provider_ref"].c_str();
  payment.payment_method = row["payment_method"].c_str();
  payment.money = {row["currency"].c_str(), row["amount"].as<int64_t>()};
  payment.fee = row["fee"].as<int64_t>();
  payment.told_refunded = row["told_refunded"].as<int64_t>();
  payment.refunded = row["refunded"].as<int64_t>();
  payment.suspended = row["suspended"].as<bool>();
  payment.decline_code = row["decline_code"].c_str();
  payment.retryable = row["retryable"].as<bool>();
  payment.reference = row["reference"].c_str();
  payment.lookups = row["lookups"].as<int32_t>();
  payment.next_action_time = row["next_action_time"].as<OptionalTime>();
  payment.lease_time = row["lease_time"].as<OptionalTime>();
  payment.revision = row["revision"].as<int64_t>();
  payment.create_time = row["create_time"].as<absl::Time>();
  payment.settle_time = row["settle_time"].as<OptionalTime>();
  return payment;
}

std::vector<Payment> FromRows(const pqxx::result& rows) {
  std::vector<Payment> payments;
  for (const pqxx::row& row : rows) payments.push_back(FromRow(row));
  return payments;
}

std::optional<Payment> FirstRow(const pqxx::result& rows) {
  if (rows.empty()) return std::nullopt;
  return FromRow(rows.front());
}

}  // namespace

void LockPayer(db::Transaction& tx, absl::string_view member_id) { tx.Query(kLockPayer, member_id); }

void InsertPayment(db::Transaction& tx, const Payment& payment) {
  tx.Query(kInsertPayment, payment.id, payment.invoice_id, payment.checkout_id, payment.attempt, payment.member_id,
           Name(payment.kind), Name(payment.state), payment.provider, payment.provider_ref, payment.payment_method,
           payment.money.currency, payment.money.amount, payment.reference, payment.next_action_time,
           payment.lease_time, payment.revision, payment.create_time, payment.settle_time);
}

bool InsertNextAttempt(db::Transaction& tx, const Payment& payment) {
  return tx.Query(kInsertNextAttempt, payment.id, payment.invoice_id, payment.member_id, Name(payment.kind),
                  Name(payment.state), payment.provider, payment.payment_method, payment.money.currency,
                  payment.money.amount, payment.reference, payment.next_action_time, payment.lease_time,
                  payment.revision, payment.create_time, payment.settle_time)
             .affected_rows() == 1;
}

std::optional<Payment> LoadPayment(db::Transaction& tx, absl::string_view id) {
  return FirstRow(tx.Query(kLoadPayment, id));
}

std::optional<Payment> LockPayment(db::Transaction& tx, absl::string_view id) {
  return FirstRow(tx.Query(kLockPayment, id));
}

std::optional<Payment> LoadPaymentByRef(db::Transaction& tx, absl::string_view provider,
                                        absl::string_view provider_ref) {
  return FirstRow(tx.Query(kLoadPaymentByRef, provider, provider_ref));
}

std::optional<Payment> LoadPaymentOfCheckout(db::Transaction& tx, absl::string_view checkout_id) {
  return FirstRow(tx.Query(kLoadPaymentOfCheckout, checkout_id));
}

std::vector<Payment> LoadAttempts(db::Transaction& tx, absl::string_view invoice_id) {
  return FromRows(tx.Query(kLoadAttempts, invoice_id));
}

void DropUnaskedAttempts(db::Transaction& tx, absl::string_view invoice_id, absl::Time now) {
  tx.Query(kDropUnaskedAttempts, invoice_id, now);
}

void SavePayment(db::Transaction& tx, Payment& payment) {
  ++payment.revision;
  payment.lease_time = std::nullopt;
  tx.Query(kSavePayment, payment.id, payment.invoice_id, Name(payment.state), payment.provider_ref,
           payment.payment_method, payment.money.currency, payment.money.amount, payment.fee, payment.told_refunded,
           payment.refunded, payment.suspended, payment.decline_code, payment.retryable, payment.lookups,
           payment.next_action_time, payment.revision, payment.settle_time);
}

int64_t RaisePaymentEventRevision(db::Transaction& tx, absl::string_view id) {
  return tx.Query(kRaiseEventRevision, id).front()[0].as<int64_t>();
}

std::vector<Payment> LoadPayments(db::Transaction& tx, absl::string_view member_id,
                                  const std::optional<PaymentCursor>& before, int limit) {
  const PaymentCursor start = before.value_or(PaymentCursor{absl::InfiniteFuture(), ""});
  return FromRows(tx.Query(kLoadPayments, member_id, start.create_time, start.id, limit));
}

}  // namespace masthead::memberships
