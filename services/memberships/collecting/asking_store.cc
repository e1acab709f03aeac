#include "services/memberships/collecting/asking_store.h"

namespace masthead::memberships {
namespace {

constexpr char kLeaseDuePayments[] = R"sql(
  WITH leased AS (
    UPDATE payments
    SET lease_time = db_now() + $1::interval
    WHERE id IN (
      SELECT id FROM payments
      WHERE next_action_time <= db_now() AND kind = 'CHARGE' AND state IN ('CREATED', 'PROCESSING', 'UNKNOWN')
        AND (lease_time IS NULL OR lease_time <= db_now())
      ORDER BY next_action_time
      LIMIT $2
      FOR UPDATE SKIP LOCKED)
    RETURNING *)
  SELECT p.id, p.member_id, p.provider, p.provider_ref, p.payment_method, p.currency, p.amount,
         p.state <> 'CREATED' AS asked, extract(epoch FROM db_now() - p.create_time)::float8 AS age,
         coalesce(i.number, 0) AS invoice_number
  FROM leased p
  LEFT JOIN invoices i ON i.id = p.invoice_id
  ORDER BY p.next_action_time
)sql";

constexpr char kLeaseDueRefunds[] = R"sql(
  WITH leased AS (
    UPDATE refunds
    SET lease_time = db_now() + $1::interval
    WHERE id IN (
      SELECT id FROM refunds
      WHERE next_action_time <= db_now() AND state IN ('CREATED', 'PROCESSING', 'UNKNOWN')
        AND (lease_time IS NULL OR lease_time <= db_now())
      ORDER BY next_action_time
      LIMIT $2
      FOR UPDATE SKIP LOCKED)
    RETURNING *)
  SELECT r.id, p.provider, r.provider_ref, p.provider_ref AS payment_ref, p.currency, r.amount,
         r.state <> 'CREATED' AS asked, extract(epoch FROM db_now() - r.create_time)::float8 AS age
  FROM leased r
  JOIN payments p ON p.id = r.payment_id
  ORDER BY r.next_action_time
)sql";

constexpr char kEndPaymentLease[] = R"sql(
  UPDATE payments SET lease_time = NULL WHERE id = $1
)sql";

constexpr char kEndRefundLease[] = R"sql(
  UPDATE refunds SET lease_time = NULL WHERE id = $1
)sql";

Money ReadMoney(const pqxx::row& row) {
  return {.currency = row["currency"].as<std::string>(), .amount = row["amount"].as<int64_t>()};
}

}  // namespace

std::vector<DuePayment> LeaseDuePayments(db::Transaction& tx, absl::Duration lease, int limit) {
  std::vector<DuePayment> payments;
  for (const pqxx::row& row : tx.Query(kLeaseDuePayments, lease, limit)) {
    payments.push_back({.id = row["id"].as<std::string>(),
                        .member_id = row["member_id"].as<std::string>(),
                        .provider = row["provider"].as<std::string>(),
                        .provider_ref = row["provider_ref"].as<std::string>(),
                        .payment_method = row["payment_method"].as<std::string>(),
                        .invoice_number = row["invoice_number"].as<int64_t>(),
                        .money = ReadMoney(row),
                        .asked = row["asked"].as<bool>(),
                        .age = absl::Seconds(row["age"].as<double>())});
  }
  return payments;
}

std::vector<DueRefund> LeaseDueRefunds(db::Transaction& tx, absl::Duration lease, int limit) {
  std::vector<DueRefund> refunds;
  for (const pqxx::row& row : tx.Query(kLeaseDueRefunds, lease, limit)) {
    refunds.push_back({.id = row["id"].as<std::string>(),
                       .provider = row["provider"].as<std::string>(),
                       .provider_ref = row["provider_ref"].as<std::string>(),
                       .payment_ref = row["payment_ref"].as<std::string>(),
                       .money = ReadMoney(row),
                       .asked = row["asked"].as<bool>(),
                       .age = absl::Seconds(row["age"].as<double>())});
  }
  return refunds;
}

void EndPaymentLease(db::Transaction& tx, absl::string_view id) { tx.Query(kEndPaymentLease, id); }

void EndRefundLease(db::Transaction& tx, absl::string_view id) { tx.Query(kEndRefundLease, id); }

}  // namespace masthead::memberships
