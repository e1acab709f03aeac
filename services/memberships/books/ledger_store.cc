#include "services/memberships/books/ledger_store.h"

#include <map>

#include "absl/strings/str_cat.h"

namespace masthead::memberships {
namespace {

constexpr char kPost[] = R"sql(
  WITH posted AS (
    INSERT INTO ledger_transactions (kind, member_id, invoice_id, payment_id, refund_id, record_time)
    VALUES ($1, $2, nullif($3, ''), nullif($4, ''), nullif($5, ''), $6)
    RETURNING id
  )
  INSERT INTO ledger_entries (transaction_id, line, account, provider, currency, amount)
  SELECT posted.id, entry.*
  FROM posted, unnest($7::smallint[], $8::text[], $9::text[], $10::text[], $11::bigint[]) AS entry
)sql";

// The books keep the names that members had when something was booked: what one who was merged had to the good is of
// who stays.
constexpr char kMemberCredit[] = R"sql(
  SELECT coalesce(-sum(e.amount), 0)
  FROM ledger_transactions t
  JOIN ledger_entries e ON e.transaction_id = t.id
  WHERE t.member_id = ANY (ARRAY(SELECT id FROM members WHERE id = $1 OR merged_into = $1)) AND e.account = 'MEMBER_CREDIT' AND e.currency = $2
)sql";

constexpr char kMemberCredits[] = R"sql(
  SELECT e.currency, -sum(e.amount)
  FROM ledger_transactions t
  JOIN ledger_entries e ON e.transaction_id = t.id
  WHERE t.member_id = ANY (ARRAY(SELECT id FROM members WHERE id = $1 OR merged_into = $1)) AND e.account = 'MEMBER_CREDIT'
  GROUP BY e.currency
  HAVING sum(e.amount) <> 0
  ORDER BY e.currency
)sql";

constexpr char kSelectTransactions[] = R"sql(
  SELECT t.* FROM ledger_transactions t WHERE )sql";

constexpr char kLoadEntries[] = R"sql(
  SELECT * FROM ledger_entries WHERE transaction_id = ANY ($1::bigint[]) ORDER BY transaction_id, line
)sql";

// A condition on a transaction: it has such an entry.
constexpr char kHasAccount[] = "EXISTS (SELECT FROM ledger_entries e WHERE e.transaction_id = t.id AND e.account = {})";

LedgerTransaction FromRow(const pqxx::row& row) {
  return {.number = row["id"].as<int64_t>(),
          .kind = row["kind"].c_str(),
          .member_id = row["member_id"].c_str(),
          .invoice_id = row["invoice_id"].c_str(),
          .payment_id = row["payment_id"].c_str(),
          .refund_id = row["refund_id"].c_str(),
          .entries = {},
          .record_time = row["record_time"].as<absl::Time>()};
}

Posting::Entry EntryFromRow(const pqxx::row& row) {
  return {.account = ParseAccount(row["account"].c_str()).value(),
          .provider = row["provider"].c_str(),
          .money = {row["currency"].c_str(), row["amount"].as<int64_t>()}};
}

}  // namespace

void Post(db::Transaction& tx, const LedgerSubject& subject, const Posting& posting, absl::Time now) {
  if (posting.empty()) return;
  std::vector<int64_t> lines;
  std::vector<std::string> accounts;
  std::vector<std::string> providers;
  std::vector<std::string> currencies;
  std::vector<int64_t> amounts;
  for (const Posting::Entry& entry : posting.entries()) {
    lines.push_back(static_cast<int64_t>(lines.size()) + 1);
    accounts.emplace_back(Name(entry.account));
    providers.push_back(entry.provider);
    currencies.push_back(entry.money.currency);
    amounts.push_back(entry.money.amount);
  }
  tx.Query(kPost, subject.kind, subject.member_id, subject.invoice_id, subject.payment_id, subject.refund_id, now,
           db::Int64Array(lines), db::TextArray(accounts), db::TextArray(providers), db::TextArray(currencies),
           db::Int64Array(amounts));
}

int64_t MemberCredit(db::Transaction& tx, absl::string_view member_id, absl::string_view currency) {
  return tx.Query(kMemberCredit, member_id, currency).front()[0].as<int64_t>();
}

std::vector<Money> MemberCredits(db::Transaction& tx, absl::string_view member_id) {
  std::vector<Money> credits;
  for (const pqxx::row& row : tx.Query(kMemberCredits, member_id)) {
    credits.push_back({row[0].c_str(), row[1].as<int64_t>()});
  }
  return credits;
}

const filter::Fields& LedgerFields() {
  static const filter::Fields fields({
      filter::Name("member", "t.member_id", "members/*"),
      filter::Text("kind", "t.kind"),
      filter::List("accounts", kHasAccount),
      filter::Time("record_time", "t.record_time"),
  });
  return fields;
}

std::vector<LedgerTransaction> LoadLedger(db::Transaction& tx, const filter::Filter& filter,
                                          std::optional<int64_t> before, int limit) {
  db::Parameters parameters;
  std::string sql = absl::StrCat(kSelectTransactions, filter.ToSql(parameters));
  if (before) absl::StrAppend(&sql, " AND t.id < ", parameters.Add(*before), "::bigint");
  absl::StrAppend(&sql, " ORDER BY t.id DESC LIMIT ", parameters.Add(limit), "::integer");

  std::vector<LedgerTransaction> transactions;
  std::vector<int64_t> numbers;
  for (const pqxx::row& row : tx.QueryComposed(sql, parameters)) {
    transactions.push_back(FromRow(row));
    numbers.push_back(transactions.back().number);
  }
  std::map<int64_t, std::vector<Posting::Entry>> entries;
  for (const pqxx::row& row : tx.Query(kLoadEntries, db::Int64Array(numbers))) {
    entries[row["transaction_id"].as<int64_t>()].push_back(EntryFromRow(row));
  }
  for (LedgerTransaction& transaction : transactions) transaction.entries = std::move(entries[transaction.number]);
  return transactions;
}

}  // namespace masthead::memberships
