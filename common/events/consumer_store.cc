#include "common/events/consumer_store.h"

namespace masthead::events {
namespace {

constexpr char kInsertCursor[] = R"sql(
  INSERT INTO feed_cursor (source) VALUES ($1)
  ON CONFLICT DO NOTHING
)sql";

// Does not wait for a replica that applies just now: it has the lease.
constexpr char kTakeLease[] = R"sql(
  UPDATE feed_cursor SET owner = $2, lease_time = clock_timestamp() + $3::interval
  WHERE source = (
    SELECT source FROM feed_cursor
    WHERE source = $1 AND (owner = $2 OR lease_time < clock_timestamp())
    FOR UPDATE SKIP LOCKED
  )
  RETURNING cursor
)sql";

constexpr char kDropLease[] = R"sql(
  UPDATE feed_cursor SET lease_time = '-infinity'
  WHERE source = $1 AND owner = $2
)sql";

constexpr char kLockCursor[] = R"sql(
  SELECT cursor FROM feed_cursor
  WHERE source = $1
  FOR UPDATE
)sql";

constexpr char kSaveCursor[] = R"sql(
  UPDATE feed_cursor
  SET cursor = $2, update_time = db_now(), owner = $3, lease_time = clock_timestamp() + $4::interval
  WHERE source = $1
)sql";

constexpr char kSelectApplied[] = R"sql(
  SELECT event_id FROM inbox
  WHERE source = $1 AND event_id = ANY ($2::text[])
)sql";

constexpr char kInsertInbox[] = R"sql(
  INSERT INTO inbox (source, event_id)
  SELECT $1, unnest($2::text[])
)sql";

constexpr char kTrimInbox[] = R"sql(
  DELETE FROM inbox
  WHERE (source, event_id) IN (
    SELECT source, event_id FROM inbox
    WHERE source = $1 AND apply_time < db_now() - $2::interval
    LIMIT 10000
  )
)sql";

constexpr char kCountAttempt[] = R"sql(
  INSERT INTO event_attempt (source, event_id, attempts) VALUES ($1, $2, 1)
  ON CONFLICT (source, event_id) DO UPDATE SET attempts = event_attempt.attempts + 1
  RETURNING attempts
)sql";

constexpr char kSaveError[] = R"sql(
  UPDATE event_attempt SET last_error = $3
  WHERE source = $1 AND event_id = $2
)sql";

constexpr char kDeleteAttempts[] = R"sql(
  DELETE FROM event_attempt
  WHERE source = $1 AND event_id = $2
)sql";

constexpr char kSelectParked[] = R"sql(
  SELECT event_id, resource FROM parked_event
  WHERE source = $1
)sql";

constexpr char kSelectParkedEvents[] = R"sql(
  SELECT event_id, type, resource, revision, event_time, traceparent, payload FROM parked_event
  WHERE source = $1
  ORDER BY seq
)sql";

constexpr char kInsertParked[] = R"sql(
  INSERT INTO parked_event (source, event_id, type, resource, revision, event_time, traceparent, payload, attempts, last_error)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
)sql";

constexpr char kDeleteParked[] = R"sql(
  DELETE FROM parked_event
  WHERE source = $1 AND event_id = $2
)sql";

}  // namespace

absl::StatusOr<std::string> ConsumerStore::TakeLease(db::Transaction& tx) {
  tx.Query(kInsertCursor, source_);
  const pqxx::result rows = tx.Query(kTakeLease, source_, owner_, kConsumerLease);
  if (rows.empty()) return absl::AbortedError("another replica follows this source");
  return rows.front()[0].as<std::string>();
}

void ConsumerStore::DropLease(db::Transaction& tx) { tx.Query(kDropLease, source_, owner_); }

std::string ConsumerStore::LockCursor(db::Transaction& tx) {
  return tx.Query(kLockCursor, source_).front()[0].as<std::string>();
}

void ConsumerStore::SaveCursor(db::Transaction& tx, const std::string& cursor) {
  tx.Query(kSaveCursor, source_, cursor, owner_, kConsumerLease);
}

std::set<std::string> ConsumerStore::LoadApplied(db::Transaction& tx, const std::vector<std::string>& event_ids) {
  std::set<std::string> applied;
  for (const pqxx::row& row : tx.Query(kSelectApplied, source_, db::TextArray(event_ids))) {
    applied.insert(row[0].as<std::string>());
  }
  return applied;
}

void ConsumerStore::InsertInbox(db::Transaction& tx, const std::vector<std::string>& event_ids) {
  tx.Query(kInsertInbox, source_, db::TextArray(event_ids));
}

void ConsumerStore::TrimInbox(db::Transaction& tx, absl::Duration age) { tx.Query(kTrimInbox, source_, age); }

int ConsumerStore::CountAttempt(db::Transaction& tx, const std::string& event_id) {
  return tx.Query(kCountAttempt, source_, event_id).front()[0].as<int>();
}

void ConsumerStore::SaveError(db::Transaction& tx, const std::string& event_id, const std::string& error) {
  tx.Query(kSaveError, source_, event_id, error);
}

void ConsumerStore::RemoveAttempts(db::Transaction& tx, const std::string& event_id) {
  tx.Query(kDeleteAttempts, source_, event_id);
}

ConsumerStore::Parked ConsumerStore::LoadParked(db::Transaction& tx) {
  Parked parked;
  for (const pqxx::row& row : tx.Query(kSelectParked, source_)) {
    parked.event_ids.insert(row[0].as<std::string>());
    parked.resources.insert(row[1].as<std::string>());
  }
  return parked;
}

std::vector<Record> ConsumerStore::LoadParkedEvents(db::Transaction& tx) {
  std::vector<Record> events;
  for (const pqxx::row& row : tx.Query(kSelectParkedEvents, source_)) {
    events.push_back({.event_id = row[0].as<std::string>(),
                      .type = row[1].as<std::string>(),
                      .resource = row[2].as<std::string>(),
                      .revision = row[3].as<int64_t>(),
                      .time = row[4].as<absl::Time>(),
                      .traceparent = row[5].as<std::string>(),
                      .payload = db::ReadBytes(row[6]),
                      .cursor = {}});
  }
  return events;
}

void ConsumerStore::Park(db::Transaction& tx, const Record& event, int attempts, const std::string& error) {
  tx.Query(kInsertParked, source_, event.event_id, event.type, event.resource, event.revision, event.time,
           event.traceparent, db::Bytes{event.payload}, attempts, error);
}

bool ConsumerStore::RemoveParked(db::Transaction& tx, const std::string& event_id) {
  return tx.Query(kDeleteParked, source_, event_id).affected_rows() > 0;
}

}  // namespace masthead::events
