#include "services/memberships/plans/trial_store.h"

#include "absl/strings/str_cat.h"

namespace masthead::memberships {
namespace {

constexpr char kLoadAddressIndex[] = R"sql(
  SELECT encode(address_index, 'hex') FROM members WHERE id = $1
)sql";

constexpr char kFindTrial[] = R"sql(
  SELECT FROM trials WHERE trial_key = ANY ($1::text[]) AND product_group = $2 LIMIT 1
)sql";

constexpr char kInsertTrials[] = R"sql(
  INSERT INTO trials (trial_key, product_group, begin_time)
  SELECT key, $2, $3
  FROM unnest($1::text[]) AS key
  ON CONFLICT DO NOTHING
)sql";

constexpr char kCopyTrials[] = R"sql(
  INSERT INTO trials (trial_key, product_group, begin_time)
  SELECT key, product_group, min(begin_time)
  FROM trials, unnest($2::text[]) AS key
  WHERE trial_key = ANY ($1::text[])
  GROUP BY key, product_group
  ON CONFLICT DO NOTHING
)sql";

}  // namespace

std::vector<std::string> TrialKeys(db::Transaction& tx, absl::string_view member_id) {
  std::vector<std::string> keys = {absl::StrCat("members/", member_id)};
  const pqxx::result rows = tx.Query(kLoadAddressIndex, member_id);
  if (!rows.empty() && !rows.front()[0].is_null()) {
    keys.push_back(absl::StrCat("addresses/", rows.front()[0].as<std::string>()));
  }
  return keys;
}

bool HadTrial(db::Transaction& tx, const std::vector<std::string>& keys, absl::string_view product_group) {
  return !tx.Query(kFindTrial, db::TextArray(keys), product_group).empty();
}

void InsertTrials(db::Transaction& tx, const std::vector<std::string>& keys, absl::string_view product_group,
                  absl::Time begin_time) {
  tx.Query(kInsertTrials, db::TextArray(keys), product_group, begin_time);
}

void CopyTrials(db::Transaction& tx, const std::vector<std::string>& from, const std::vector<std::string>& to) {
  tx.Query(kCopyTrials, db::TextArray(from), db::TextArray(to));
}

}  // namespace masthead::memberships
