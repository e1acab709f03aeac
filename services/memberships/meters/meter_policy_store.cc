#include "services/memberships/meters/meter_policy_store.h"

namespace masthead::memberships {
namespace {

// Readers' checks go on meanwhile.
constexpr char kLockTable[] = R"sql(
  LOCK TABLE meter_policies IN SHARE ROW EXCLUSIVE MODE
)sql";

constexpr char kCountMeterPolicies[] = R"sql(
  SELECT count(*) FROM meter_policies
)sql";

constexpr char kInsertMeterPolicy[] = R"sql(
  INSERT INTO meter_policies (id, display_name, priority, levels, window_kind, time_zone, anonymous_max_views,
                              registered_max_views, revision, create_time, update_time)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
  ON CONFLICT DO NOTHING
)sql";

constexpr char kLoadMeterPolicy[] = R"sql(
  SELECT * FROM meter_policies WHERE id = $1
)sql";

constexpr char kLockMeterPolicy[] = R"sql(
  SELECT * FROM meter_policies WHERE id = $1 FOR UPDATE
)sql";

constexpr char kSaveMeterPolicy[] = R"sql(
  UPDATE meter_policies
  SET display_name = $2, priority = $3, levels = $4, window_kind = $5, time_zone = $6, anonymous_max_views = $7,
      registered_max_views = $8, revision = $9, update_time = $10
  WHERE id = $1
)sql";

constexpr char kRemoveMeterPolicy[] = R"sql(
  DELETE FROM meter_policies WHERE id = $1
)sql";

constexpr char kLoadMeterPoliciesInOrder[] = R"sql(
  SELECT * FROM meter_policies ORDER BY priority, id
)sql";

constexpr char kLoadMeterPolicies[] = R"sql(
  SELECT * FROM meter_policies
  WHERE id > $1
  ORDER BY id
  LIMIT $2
)sql";

MeterPolicy FromRow(const pqxx::row& row) {
  MeterPolicy policy = {.id = row["id"].as<std::string>(),
                        .display_name = row["display_name"].as<std::string>(),
                        .priority = row["priority"].as<int32_t>(),
                        .window = ParseWindowKind(row["window_kind"].c_str()).value(),
                        .time_zone = row["time_zone"].as<std::string>(),
                        .anonymous_max_views = row["anonymous_max_views"].as<std::optional<int32_t>>(),
                        .registered_max_views = row["registered_max_views"].as<std::optional<int32_t>>(),
                        .revision = row["revision"].as<int64_t>(),
                        .create_time = row["create_time"].as<absl::Time>(),
                        .update_time = row["update_time"].as<absl::Time>()};
  for (const std::string& level : db::ReadTextArray(row["levels"])) {
    policy.levels.push_back(ParseAccessLevel(level).value());
  }
  return policy;
}

std::vector<MeterPolicy> FromRows(const pqxx::result& rows) {
  std::vector<MeterPolicy> policies;
  for (const pqxx::row& row : rows) policies.push_back(FromRow(row));
  return policies;
}

std::optional<MeterPolicy> FirstRow(const pqxx::result& rows) {
  if (rows.empty()) return std::nullopt;
  return FromRow(rows.front());
}

db::TextArray Names(const std::vector<AccessLevel>& levels) {
  std::vector<std::string> names;
  for (AccessLevel level : levels) names.emplace_back(Name(level));
  return db::TextArray(names);
}

}  // namespace

int LockMeterPolicyCount(db::Transaction& tx) {
  tx.Query(kLockTable);
  return tx.Query(kCountMeterPolicies).front()[0].as<int>();
}

bool InsertMeterPolicy(db::Transaction& tx, const MeterPolicy& policy) {
  return tx.Query(kInsertMeterPolicy, policy.id, policy.display_name, policy.priority, Names(policy.levels),
                  Name(policy.window), policy.time_zone, policy.anonymous_max_views, policy.registered_max_views,
                  policy.revision, policy.create_time, policy.update_time)
             .affected_rows() == 1;
}

std::optional<MeterPolicy> LoadMeterPolicy(db::Transaction& tx, absl::string_view id) {
  return FirstRow(tx.Query(kLoadMeterPolicy, id));
}

std::optional<MeterPolicy> LockMeterPolicy(db::Transaction& tx, absl::string_view id) {
  return FirstRow(tx.Query(kLockMeterPolicy, id));
}

void SaveMeterPolicy(db::Transaction& tx, MeterPolicy& policy) {
  ++policy.revision;
  tx.Query(kSaveMeterPolicy, policy.id, policy.display_name, policy.priority, Names(policy.levels), Name(policy.window),
           policy.time_zone, policy.anonymous_max_views, policy.registered_max_views, policy.revision,
           policy.update_time);
}

void RemoveMeterPolicy(db::Transaction& tx, absl::string_view id) { tx.Query(kRemoveMeterPolicy, id); }

std::vector<MeterPolicy> LoadMeterPoliciesInOrder(db::Transaction& tx) {
  return FromRows(tx.Query(kLoadMeterPoliciesInOrder));
}

std::vector<MeterPolicy> LoadMeterPolicies(db::Transaction& tx, absl::string_view after, int limit) {
  return FromRows(tx.Query(kLoadMeterPolicies, after, limit));
}

}  // namespace masthead::memberships
