#include "services/memberships/books/refund_store.h"

namespace masthead::memberships {
namespace {

constexpr char kInsertRefund[] = R"sql(
  INSERT INTO refunds (id, payment_id, amount, reason, automatic, revoke_access, state, next_action_time, create_time,
                       settle_time)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
)sql";

constexpr char kLoadRefund[] = R"sql(
  SELECT * FROM refunds WHERE id = $1
)sql";

constexpr char kLoadRefunds[] = R"sql(
  SELECT * FROM refunds WHERE payment_id = $1 ORDER BY create_time, id
)sql";

constexpr char kSaveRefund[] = R"sql(
  UPDATE refunds
  SET state = $2, provider_ref = $3, failure = $4, lookups = $5, next_action_time = $6, lease_time = NULL,
      settle_time = $7
  WHERE id = $1
)sql";

Refund FromRow(const pqxx::row& row) {
  Refund refund;
  refund.id = row["id"].c_str();
  refund.payment_id = row["payment_id"].c_str();
  refund.amount = row["amount"].as<int64_t>();
  refund.reason = row["reason"].c_str();
  refund.automatic = row["automatic"].as<bool>();
  refund.revoke_access = row["revoke_access"].as<bool>();
  refund.state = ParseRefundState(row["state"].c_str()).value();
  refund.provider_ref = row["provider_ref"].c_str();
  refund.failure = row["failure"].c_str();
  refund.lookups = row["lookups"].as<int32_t>();
  refund.next_action_time = row["next_action_time"].as<std::optional<absl::Time>>();
  refund.create_time = row["create_time"].as<absl::Time>();
  refund.settle_time = row["settle_time"].as<std::optional<absl::Time>>();
  return refund;
}

}  // namespace

void InsertRefund(db::Transaction& tx, const Refund& refund) {
  tx.Query(kInsertRefund, refund.id, refund.payment_id, refund.amount, refund.reason, refund.automatic,
           refund.revoke_access, Name(refund.state), refund.next_action_time, refund.create_time, refund.settle_time);
}

std::optional<Refund> LoadRefund(db::Transaction& tx, absl::string_view id) {
  const pqxx::result rows = tx.Query(kLoadRefund, id);
  if (rows.empty()) return std::nullopt;
  return FromRow(rows.front());
}

std::vector<Refund> LoadRefunds(db::Transaction& tx, absl::string_view payment_id) {
  std::vector<Refund> refunds;
  for (const pqxx::row& row : tx.Query(kLoadRefunds, payment_id)) refunds.push_back(FromRow(row));
  return refunds;
}

void SaveRefund(db::Transaction& tx, const Refund& refund) {
  tx.Query(kSaveRefund, refund.id, Name(refund.state), refund.provider_ref, refund.failure, refund.lookups,
           refund.next_action_time, refund.settle_time);
}

}  // namespace masthead::memberships
