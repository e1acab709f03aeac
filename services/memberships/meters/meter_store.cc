#include "services/memberships/meters/meter_store.h"

#include <algorithm>
#include <tuple>

namespace masthead::memberships {
namespace {

constexpr char kLoadMeter[] = R"sql(
  SELECT window_start, window_end, articles, db_now() AS now
  FROM (SELECT) one
  LEFT JOIN meters ON policy_id = $1 AND reader_key = $2
)sql";

// IS NOT DISTINCT FROM, so that no plan looks for a reader's meter among all that end at one time.
constexpr char kCountViews[] = R"sql(
  UPDATE meters m
  SET articles = m.articles || v.article
  FROM unnest($1::text[], $2::text[], $3::timestamptz[], $4::timestamptz[], $5::bigint[], $6::bigint[]) WITH ORDINALITY
    AS v (policy_id, reader_key, window_start, window_end, article, max_views, number)
  WHERE m.policy_id = v.policy_id AND m.reader_key = v.reader_key
    AND m.window_start = v.window_start AND m.window_end IS NOT DISTINCT FROM v.window_end
    AND v.window_start <= db_now() AND db_now() < v.window_end
    AND cardinality(m.articles) < v.max_views AND v.article <> ALL (m.articles)
  RETURNING v.number, m.window_start, m.window_end, m.articles
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

std::vector<std::optional<Meter>> CountViews(db::Transaction& tx, const std::vector<NewView>& views) {
  // Rows are locked in the order of their keys, by whatever replica.
  std::vector<const NewView*> in_order;
  for (const NewView& view : views) in_order.push_back(&view);
  std::sort(in_order.begin(), in_order.end(), [](const NewView* a, const NewView* b) {
    return std::tie(a->reader_key, a->policy_id) < std::tie(b->reader_key, b->policy_id);
  });
  std::vector<std::string> policy_ids, reader_keys;
  std::vector<std::optional<absl::Time>> starts, ends;
  std::vector<int64_t> articles, max_views;
  for (const NewView* view : in_order) {
    policy_ids.push_back(view->policy_id);
    reader_keys.push_back(view->reader_key);
    starts.push_back(view->window.start);
    ends.push_back(view->window.end);
    articles.push_back(view->article);
    max_views.push_back(view->max_views);
  }
  std::vector<std::optional<Meter>> counted(views.size());
  for (const pqxx::row& row :
       tx.Query(kCountViews, db::TextArray(policy_ids), db::TextArray(reader_keys), db::TimeArray(starts),
                db::TimeArray(ends), db::Int64Array(articles), db::Int64Array(max_views))) {
    counted[in_order[row["number"].as<size_t>() - 1] - views.data()] = ReadMeter(row);
  }
  return counted;
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
