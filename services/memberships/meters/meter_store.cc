#include "services/memberships/meters/meter_store.h"

#include <algorithm>

namespace masthead::memberships {
namespace {

constexpr char kLoadMeter[] = R"sql(
  SELECT window_start, window_end, articles, db_now() AS now
  FROM (SELECT) one
  LEFT JOIN meters ON policy_id = $1 AND reader_key = $2
)sql";

// IS NOT DISTINCT FROM, so that no plan looks for a reader's meter among all that end at one time.
constexpr char kCountView[] = R"sql(
  UPDATE meters
  SET articles = articles || $5::bigint
  WHERE policy_id = $1 AND reader_key = $2
    AND window_start = $3 AND window_end IS NOT DISTINCT FROM $4 AND $3 <= db_now() AND db_now() < $4
    AND cardinality(articles) < $6 AND $5 <> ALL (articles)
  RETURNING window_start, window_end, articles
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

// They are stored as they were counted.
Meter ReadMeter(const pqxx::row& row) {
  if (row["articles"].is_null()) return {};
  Meter meter = {.window = {row["window_start"].as<absl::Time>(), row["window_end"].as<absl::Time>()},
                 .articles = db::ReadInt64Array(row["articles"])};
  std::sort(meter.articles.begin(), meter.articles.end());
  return meter;
}

MeterNow ReadMeterNow(const pqxx::row& row) { return {ReadMeter(row), row["now"].as<absl::Time>()}; }

}  // namespace

MeterNow LoadMeter(db::Transaction& tx, absl::string_view policy_id, const std::string& reader_key) {
  return ReadMeterNow(tx.Query(kLoadMeter, policy_id, reader_key).front());
}

std::optional<Meter> CountView(db::Transaction& tx, absl::string_view policy_id, const std::string& reader_key,
                               const MeterWindow& window, int64_t article, int32_t max_views) {
  const pqxx::result rows = tx.Query(kCountView, policy_id, reader_key, window.start, window.end, article, max_views);
  if (rows.empty()) return std::nullopt;
  return ReadMeter(rows.front());
}

MeterNow LockMeter(db::Transaction& tx, absl::string_view policy_id, const std::string& reader_key) {
  pqxx::result rows = tx.Query(kLockMeter, policy_id, reader_key);
  // Maintenance may remove an empty one before it is locked; then it is made again.
  while (rows.empty()) {
    tx.Query(kInsertMeter, policy_id, reader_key);
    rows = tx.Query(kLockMeter, policy_id, reader_key);
  }
  return ReadMeterNow(rows.front());
}

void SaveMeter(db::Transaction& tx, absl::string_view policy_id, const std::string& reader_key, const Meter& meter) {
  tx.Query(kSaveMeter, policy_id, reader_key, meter.window.start, meter.window.end, db::Int64Array(meter.articles));
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
