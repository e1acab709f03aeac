#include "services/memberships/payments/fact_store.h"

namespace masthead::memberships {
namespace {

constexpr char kRecordFact[] = R"sql(
  INSERT INTO provider_facts (provider, object_ref, fact, apply_time)
  VALUES ($1, $2, $3, $4)
  ON CONFLICT DO NOTHING
)sql";

constexpr char kLoadPayersBy[] = R"sql(
  SELECT DISTINCT member_id
  FROM subscriptions
  WHERE provider = $1 AND payment_method = $2 AND state IN ('TRIALING', 'ACTIVE', 'PAST_DUE', 'PAUSED')
  ORDER BY member_id
)sql";

}  // namespace

bool RecordFact(db::Transaction& tx, absl::string_view provider, absl::string_view object_ref, absl::string_view fact,
                absl::Time now) {
  return tx.Query(kRecordFact, provider, object_ref, fact, now).affected_rows() == 1;
}

std::vector<std::string> LoadPayersBy(db::Transaction& tx, absl::string_view provider,
                                      absl::string_view payment_method) {
  std::vector<std::string> members;
  for (const pqxx::row& row : tx.Query(kLoadPayersBy, provider, payment_method)) members.emplace_back(row[0].c_str());
  return members;
}

}  // namespace masthead::memberships
