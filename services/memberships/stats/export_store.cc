#include "services/memberships/stats/export_store.h"

namespace masthead::memberships {
namespace {

constexpr char kLoadSubscriptionChanges[] = R"sql(
  SELECT * FROM subscription_changes
  WHERE (change_time, seq) > ($1, $2) AND change_time < db_now() - interval '2 minutes'
  ORDER BY change_time, seq
  LIMIT $3
)sql";

constexpr char kLoadLedger[] = R"sql(
  SELECT page.*, line, account, provider, currency, amount
  FROM (
    SELECT * FROM ledger_transactions
    WHERE (record_time, id) > ($1, $2) AND record_time < db_now() - interval '2 minutes'
    ORDER BY record_time, id
    LIMIT $3
  ) AS page
  JOIN ledger_entries ON transaction_id = page.id
  ORDER BY record_time, page.id, line
)sql";

std::string TextOf(const pqxx::field& field) { return field.is_null() ? "" : field.as<std::string>(); }

}  // namespace

std::vector<SubscriptionChangeRow> LoadSubscriptionChanges(db::Transaction& tx, const ExportPosition& after,
                                                           int limit) {
  std::vector<SubscriptionChangeRow> changes;
  for (const pqxx::row& row : tx.Query(kLoadSubscriptionChanges, after.time, after.sequence, limit)) {
    changes.push_back({.sequence = row["seq"].as<int64_t>(),
                       .subscription_id = row["subscription_id"].as<std::string>(),
                       .member_id = row["member_id"].as<std::string>(),
                       .event = row["event"].as<std::string>(),
                       .state_before = row["state_before"].as<std::string>(),
                       .state_after = row["state_after"].as<std::string>(),
                       .currency = row["currency"].as<std::string>(),
                       .annual_before = row["annual_before"].as<int64_t>(),
                       .annual_after = row["annual_after"].as<int64_t>(),
                       .reason = row["reason"].as<std::string>(),
                       .change_time = row["change_time"].as<absl::Time>()});
  }
  return changes;
}

std::vector<LedgerTransactionRow> LoadLedger(db::Transaction& tx, const ExportPosition& after, int limit) {
  std::vector<LedgerTransactionRow> transactions;
  for (const pqxx::row& row : tx.Query(kLoadLedger, after.time, after.sequence, limit)) {
    const int64_t sequence = row["id"].as<int64_t>();
    if (transactions.empty() || transactions.back().sequence != sequence) {
      transactions.push_back({.sequence = sequence,
                              .kind = row["kind"].as<std::string>(),
                              .member_id = row["member_id"].as<std::string>(),
                              .invoice_id = TextOf(row["invoice_id"]),
                              .payment_id = TextOf(row["payment_id"]),
                              .record_time = row["record_time"].as<absl::Time>(),
                              .entries = {}});
    }
    transactions.back().entries.push_back({.account = row["account"].as<std::string>(),
                                           .provider = row["provider"].as<std::string>(),
                                           .currency = row["currency"].as<std::string>(),
                                           .amount = row["amount"].as<int64_t>()});
  }
  return transactions;
}

}  // namespace masthead::memberships
