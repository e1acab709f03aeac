#include "services/memberships/meters/meter_store.h"

#include "services/memberships/meters/meter_policy_store.h"

namespace masthead::memberships {
namespace {

constexpr char kFindPolicies[] = R"sql(
  SELECT p.*, m.window_start, m.window_end, m.articles, db_now() AS now
  FROM meter_policies p
  LEFT JOIN meters m ON m.policy_id = p.id AND m.reader_key = $1
  WHERE $2 = ANY (p.levels)
  ORDER BY p.priority, p.id
)sql";

constexpr char kLockMeter[] = R"sql(
  SELECT window_start, window_end, articles, db_now() AS now
  FROM meters
  WHERE policy_id = $1 AND reader_key = $2
  FOR UPDATE
)sql";

constexpr char kInsertMeter[] = R"sql(
  INSERT INTO meters (policy_id, reader_key, window_start, window_end, articles)
  VALUES ($1, $2, '-infinity', '-infinity', '{}')
  ON CONFLICT DO NOTHING
)sql";

constexpr char kSaveMeter[] = R"sql(
  UPDATE meters
  SET window_start = $3, window_end = $4, articles = $5
  WHERE policy_id = $1 AND reader_key = $2
)sql";

constexpr char kReplaceMeter[] = R"sql(
  UPDATE meters
  SET window_start = $3, window_end = $4, articles = $5
  WHERE policy_id = $1 AND reader_key = $2 AND window_start = $6 AND window_end = $7 AND articles = $8
)sql";

constexpr char kLoadMeters[] = R"sql(
  SELECT * FROM meters WHERE reader_key = $1 ORDER BY policy_id
)sql";

// Nobody waits for what is being counted just now: it is no longer past its end then.
constexpr char kRemoveEndedMeters[] = R"sql(
  DELETE FROM meters
  WHERE (policy_id, reader_key) IN (
    SELECT policy_id, reader_key
    FROM meters
    WHERE window_end <= db_now()
    LIMIT 10000
    FOR UPDATE SKIP LOCKED
  )
)sql";

Meter ReadMeter(const pqxx::row& row) {
  return {.window = {row["window_start"].as<absl::Time>(), row["window_end"].as<absl::Time>()},
          .articles = db::ReadInt64Array(row["articles"])};
}

}  // namespace

std::optional<DecidingPolicy> FindDecidingPolicy(db::Transaction& tx, const std::string& reader_key, AccessLevel level,
                                                 ReaderKind kind) {
  for (const pqxx::row& row : tx.Query(kFindPolicies, reader_key, Name(level))) {
    MeterPolicy policy = ReadMeterPolicy(row);
    if (!Decides(policy, level, kind)) continue;
    return DecidingPolicy{.policy = std::move(policy),
                          .meter = row["articles"].is_null() ? Meter() : ReadMeter(row),
                          .now = row["now"].as<absl::Time>()};
  }
  return std::nullopt;
}

LockedMeter LockMeter(db::Transaction& tx, absl::string_view policy_id, const std::string& reader_key) {
  pqxx::result rows = tx.Query(kLockMeter, policy_id, reader_key);
  // Maintenance may remove an empty one before it is locked; then it is made again.
  while (rows.empty()) {
    tx.Query(kInsertMeter, policy_id, reader_key);
    rows = tx.Query(kLockMeter, policy_id, reader_key);
  }
  return {ReadMeter(rows.front()), rows.front()["now"].as<absl::Time>()};
}

void SaveMeter(db::Transaction& tx, absl::string_view policy_id, const std::string& reader_key, const Meter& meter) {
  tx.Query(kSaveMeter, policy_id, reader_key, meter.window.start, meter.window.end, db::Int64Array(meter.articles));
}

bool ReplaceMeter(db::Transaction& tx, absl::string_view policy_id, const std::string& reader_key, const Meter& before,
                  const Meter& after) {
  return tx.Query(kReplaceMeter, policy_id, reader_key, after.window.start, after.window.end,
                  db::Int64Array(after.articles), before.window.start, before.window.end,
                  db::Int64Array(before.articles))
             .affected_rows() == 1;
}

std::map<std::string, Meter> LoadMeters(db::Transaction& tx, const std::string& reader_key) {
  std::map<std::string, Meter> by_policy;
  for (const pqxx::row& row : tx.Query(kLoadMeters, reader_key)) {
    by_policy[row["policy_id"].as<std::string>()] = ReadMeter(row);
  }
  return by_policy;
}

int64_t RemoveEndedMeters(db::Transaction& tx) {
  return static_cast<int64_t>(tx.Query(kRemoveEndedMeters).affected_rows());
}

}  // namespace masthead::memberships
