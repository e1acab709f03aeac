#include "services/memberships/books/dispute_store.h"

namespace masthead::memberships {
namespace {

constexpr char kSaveDispute[] = R"sql(
  INSERT INTO disputes (id, payment_id, provider, provider_ref, amount, fee, state, create_time, close_time)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
  ON CONFLICT (id) DO UPDATE
  SET amount = EXCLUDED.amount, fee = EXCLUDED.fee, state = EXCLUDED.state, close_time = EXCLUDED.close_time
)sql";

constexpr char kLoadDisputeByRef[] = R"sql(
  SELECT d.*, p.member_id, p.currency
  FROM disputes d
  JOIN payments p ON p.id = d.payment_id
  WHERE d.provider = $1 AND d.provider_ref = $2
)sql";

constexpr char kLoadDisputes[] = R"sql(
  SELECT d.*, p.member_id, p.currency
  FROM disputes d
  JOIN payments p ON p.id = d.payment_id
  WHERE d.payment_id = $1
  ORDER BY d.create_time, d.id
)sql";

constexpr char kLoadDisputePage[] = R"sql(
  SELECT d.*, p.member_id, p.currency
  FROM disputes d
  JOIN payments p ON p.id = d.payment_id
  WHERE ($1 = '' OR p.member_id = $1) AND (d.create_time, d.id) < ($2, $3)
  ORDER BY d.create_time DESC, d.id DESC
  LIMIT $4
)sql";

Dispute FromRow(const pqxx::row& row) {
  Dispute dispute;
  dispute.id = row["id"].c_str();
  dispute.member_id = row["member_id"].c_str();
  dispute.payment_id = row["payment_id"].c_str();
  dispute.provider_ref = row["provider_ref"].c_str();
  dispute.money = {row["currency"].c_str(), row["amount"].as<int64_t>()};
  dispute.fee = row["fee"].as<int64_t>();
  dispute.state = ParseDisputeState(row["state"].c_str()).value();
  dispute.create_time = row["create_time"].as<absl::Time>();
  dispute.close_time = row["close_time"].as<std::optional<absl::Time>>();
  return dispute;
}

std::vector<Dispute> FromRows(const pqxx::result& rows) {
  std::vector<Dispute> disputes;
  for (const pqxx::row& row : rows) disputes.push_back(FromRow(row));
  return disputes;
}

}  // namespace

void SaveDispute(db::Transaction& tx, absl::string_view provider, const Dispute& dispute) {
  tx.Query(kSaveDispute, dispute.id, dispute.payment_id, provider, dispute.provider_ref, dispute.money.amount,
           dispute.fee, Name(dispute.state), dispute.create_time, dispute.close_time);
}

std::optional<Dispute> LoadDisputeByRef(db::Transaction& tx, absl::string_view provider,
                                        absl::string_view provider_ref) {
  const pqxx::result rows = tx.Query(kLoadDisputeByRef, provider, provider_ref);
  if (rows.empty()) return std::nullopt;
  return FromRow(rows.front());
}

std::vector<Dispute> LoadDisputes(db::Transaction& tx, absl::string_view payment_id) {
  return FromRows(tx.Query(kLoadDisputes, payment_id));
}

std::vector<Dispute> LoadDisputePage(db::Transaction& tx, absl::string_view member_id,
                                     const std::optional<DisputeCursor>& before, int limit) {
  const DisputeCursor start = before.value_or(DisputeCursor{absl::InfiniteFuture(), ""});
  return FromRows(tx.Query(kLoadDisputePage, member_id, start.create_time, start.id, limit));
}

}  // namespace masthead::memberships
