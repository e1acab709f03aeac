#include "services/notifications/messages/digest_store.h"

#include "common/db/now.h"
#include "services/notifications/messages/digest_time.h"

namespace masthead::notifications {
namespace {

constexpr int kMostStories = 50;

// There are few of these, however many recipients: each is worked out once.
constexpr char kLoadWishes[] = R"sql(
    SELECT DISTINCT s.cadence, s.cadence_minute, s.cadence_day, r.time_zone
    FROM exclusions x
    JOIN subscriptions s ON s.recipient_number = x.recipient_number AND s.topic_number = ANY ($3::integer[])
    JOIN recipients r ON r.number = x.recipient_number
    WHERE x.message_number = $1 AND x.seq > $2 AND x.reason = 'DIGESTED' AND s.state = 'ACTIVE' AND s.cadence <> 'IMMEDIATE'
)sql";

constexpr char kInsertEntries[] = R"sql(
    INSERT INTO digest_entries (recipient_number, message_number, topic_number, due_time)
    SELECT DISTINCT ON (x.recipient_number) x.recipient_number, $1, s.topic_number, w.due_time
    FROM exclusions x
    JOIN subscriptions s ON s.recipient_number = x.recipient_number AND s.topic_number = ANY ($3::integer[])
    JOIN recipients r ON r.number = x.recipient_number
    JOIN unnest($4::text[], $5::bigint[], $6::bigint[], $7::text[], $8::timestamptz[]) AS w (cadence, minute, day, zone, due_time)
      ON w.cadence = s.cadence AND w.minute = s.cadence_minute AND w.day = s.cadence_day AND w.zone = r.time_zone
    WHERE x.message_number = $1 AND x.seq > $2 AND x.reason = 'DIGESTED' AND s.state = 'ACTIVE'
    ORDER BY x.recipient_number, w.due_time, s.topic_number
)sql";

constexpr char kInsertDigests[] = R"sql(
    INSERT INTO digests (due_time) SELECT DISTINCT due FROM unnest($1::timestamptz[]) AS due ORDER BY due ON CONFLICT DO NOTHING
)sql";

constexpr char kTakeDigest[] = R"sql(
    DELETE FROM digests
    WHERE due_time = (SELECT due_time FROM digests
                      WHERE due_time <= db_now() - $1::interval
                      ORDER BY due_time
                      LIMIT 1
                      FOR UPDATE SKIP LOCKED)
    RETURNING due_time
)sql";

constexpr char kLoadTopics[] = R"sql(
    SELECT id
    FROM topics
    WHERE number IN (SELECT DISTINCT topic_number FROM digest_entries WHERE due_time = $1)
    ORDER BY number
)sql";

constexpr char kLoadStories[] = R"sql(
    SELECT m.article, m.headline, m.dek, m.byline, m.url, m.language_code
    FROM audiences a
    JOIN digest_entries e ON e.due_time = a.digest_time AND e.recipient_number = $2
    JOIN messages m ON m.number = e.message_number
    WHERE a.message_number = $1
    ORDER BY m.number DESC
    LIMIT $3
)sql";

constexpr char kRemove[] = R"sql(
    DELETE FROM digest_entries WHERE message_number = ANY ($1::bigint[]) AND due_time IN (SELECT due_time FROM digests)
)sql";

}  // namespace

void CollectForDigests(db::Transaction& tx, int64_t message_number, int64_t after_seq,
                       const std::vector<int64_t>& topics, absl::TimeZone newsroom_zone) {
  const pqxx::result wishes = tx.Query(kLoadWishes, message_number, after_seq, db::Int64Array(topics));
  if (wishes.empty()) return;
  const absl::Time now = db::Now(tx);
  std::vector<std::string> cadences, zones;
  std::vector<int64_t> minutes, days;
  std::vector<absl::Time> due;
  for (const pqxx::row& row : wishes) {
    const Cadence cadence = {.kind = row["cadence"].as<std::string>(),
                             .minute = row["cadence_minute"].as<int>(),
                             .day = row["cadence_day"].as<int>()};
    const auto name = row["time_zone"].as<std::string>();
    absl::TimeZone zone;
    if (name.empty() || !absl::LoadTimeZone(name, &zone)) zone = newsroom_zone;
    cadences.push_back(cadence.kind);
    minutes.push_back(cadence.minute);
    days.push_back(cadence.day);
    zones.push_back(name);
    due.push_back(NextDigestTime(cadence, zone, now));
  }
  tx.Query(kInsertEntries, message_number, after_seq, db::Int64Array(topics), db::TextArray(cadences),
           db::Int64Array(minutes), db::Int64Array(days), db::TextArray(zones), db::TimeArray(due));
  tx.Query(kInsertDigests, db::TimeArray(due));
}

std::optional<absl::Time> TakeDueDigest(db::Transaction& tx, absl::Duration grace) {
  const pqxx::result rows = tx.Query(kTakeDigest, grace);
  if (rows.empty()) return std::nullopt;
  return rows[0][0].as<absl::Time>();
}

std::vector<std::string> LoadTopicsOfDigest(db::Transaction& tx, absl::Time due_time) {
  std::vector<std::string> ids;
  for (const pqxx::row& row : tx.Query(kLoadTopics, due_time)) ids.push_back(row[0].as<std::string>());
  return ids;
}

std::vector<AlertText> LoadStories(db::Transaction& tx, int64_t digest_message_number, int64_t recipient_number) {
  std::vector<AlertText> stories;
  for (const pqxx::row& row : tx.Query(kLoadStories, digest_message_number, recipient_number, kMostStories)) {
    stories.push_back({.article = row["article"].as<std::string>(),
                       .headline = row["headline"].as<std::string>(),
                       .dek = row["dek"].as<std::string>(),
                       .byline = row["byline"].as<std::string>(),
                       .url = row["url"].as<std::string>(),
                       .contact_address = "",
                       .language_code = row["language_code"].as<std::string>()});
  }
  return stories;
}

void RemoveFromDigests(db::Transaction& tx, const std::vector<int64_t>& message_numbers) {
  tx.Query(kRemove, db::Int64Array(message_numbers));
}

}  // namespace masthead::notifications
