#include "services/notifications/webhooks/webhook_log_store.h"

namespace masthead::notifications::webhooks {
namespace {

constexpr char kLockCursor[] = "SELECT cursor FROM webhook_cursor FOR UPDATE";
constexpr char kSaveCursor[] = "UPDATE webhook_cursor SET cursor = $1";

constexpr char kSpread[] = R"sql(
    INSERT INTO webhook_events (endpoint_number, webhook_id, type, body, event_time, state)
    SELECT w.number, v.webhook_id, v.type, v.body, v.event_time, CASE WHEN w.state = 'ACTIVE' THEN 'PENDING' ELSE 'HELD' END
    FROM unnest($1::text[], $2::text[], $3::text[], $4::timestamptz[]) WITH ORDINALITY AS v (webhook_id, type, body, event_time, place)
    JOIN webhook_endpoints w ON w.event_types && ARRAY[v.type, '*'] AND w.create_time <= v.event_time
    ORDER BY v.place, w.number
    ON CONFLICT (endpoint_number, webhook_id) DO NOTHING
)sql";

constexpr char kInsertTest[] = R"sql(
    INSERT INTO webhook_events (endpoint_number, webhook_id, type, body, event_time, state, test)
    VALUES ($1, $2, $3, $4, $5, 'PENDING', true)
)sql";

// Until the attempt is recorded the event is due again when the lease ends: a sender that died costs no event.
constexpr char kTakeDue[] = R"sql(
    UPDATE webhook_events v
    SET attempts = v.attempts + 1, due_time = w.lease_time
    FROM webhook_endpoints w
    WHERE w.number = v.endpoint_number
      AND v.number IN (SELECT number FROM webhook_events
                       WHERE endpoint_number = $1 AND state = 'PENDING' AND due_time <= db_now() AND (test OR $2)
                       ORDER BY due_time, number
                       LIMIT $3)
    RETURNING v.number, v.webhook_id, v.type, v.body, v.event_time, v.attempts - 1 AS attempts, v.test
)sql";

// An event that was replayed in the meantime begins anew whatever an older attempt met.
constexpr char kSaveAttempts[] = R"sql(
    WITH met AS (
        SELECT * FROM unnest($2::bigint[], $3::bigint[], $4::bigint[], $5::text[], $6::text[], $7::bigint[])
                      AS m (event_number, attempt, status, text, outcome, milliseconds)
    ), moved AS (
        UPDATE webhook_events v
        SET state = CASE m.outcome WHEN 'PUT_OFF' THEN 'PENDING' ELSE m.outcome END,
            due_time = db_now() + m.milliseconds * interval '1 millisecond'
        FROM met m
        WHERE v.number = m.event_number AND v.state = 'PENDING' AND v.attempts = m.attempt
    )
    INSERT INTO webhook_attempts (endpoint_number, event_number, attempt, status, text, outcome)
    SELECT $1, m.event_number, m.attempt, m.status, m.text, m.outcome
    FROM met m
    JOIN webhook_events v ON v.number = m.event_number
    ORDER BY m.event_number
)sql";

constexpr char kHold[] = R"sql(
    UPDATE webhook_events SET state = 'HELD' WHERE endpoint_number = $1 AND state = 'PENDING' AND NOT test
)sql";

constexpr char kLoadAttempts[] = R"sql(
    SELECT a.number, a.event_number, v.webhook_id, v.type, a.attempt, a.status, a.text, a.outcome, a.time
    FROM webhook_attempts a
    JOIN webhook_events v ON v.number = a.event_number
    WHERE a.endpoint_number = $1 AND ($2 = 0 OR a.number < $2) AND ($3 = '' OR v.webhook_id = $3)
    ORDER BY a.number DESC
    LIMIT $4
)sql";

constexpr char kCountReplay[] = R"sql(
    SELECT count(*)
    FROM (SELECT 1 FROM webhook_events
          WHERE endpoint_number = $1 AND event_time >= $2 AND event_time < $3 AND NOT test
            AND (state IN ('GIVEN_UP', 'HELD') OR ($4 AND state = 'HEARD'))
          LIMIT $5) AS counted
)sql";

constexpr char kReplay[] = R"sql(
    UPDATE webhook_events
    SET state = 'PENDING', attempts = 0, due_time = db_now()
    WHERE endpoint_number = $1 AND event_time >= $2 AND event_time < $3 AND NOT test
      AND (state IN ('GIVEN_UP', 'HELD') OR ($4 AND state = 'HEARD'))
)sql";

constexpr char kRemoveOld[] = R"sql(
    DELETE FROM webhook_events
    WHERE number IN (SELECT number FROM webhook_events
                     WHERE create_time < db_now() - $1::interval
                     ORDER BY create_time
                     LIMIT $2
                     FOR UPDATE SKIP LOCKED)
)sql";

}  // namespace

std::string LockFeedCursor(db::Transaction& tx) { return tx.Query(kLockCursor)[0][0].as<std::string>(); }

void SaveFeedCursor(db::Transaction& tx, const std::string& cursor) { tx.Query(kSaveCursor, cursor); }

void SpreadEvents(db::Transaction& tx, const std::vector<WebhookEvent>& events) {
  std::vector<std::string> webhook_ids, types, bodies;
  std::vector<absl::Time> times;
  for (const WebhookEvent& event : events) {
    webhook_ids.push_back(event.webhook_id);
    types.push_back(event.type);
    bodies.push_back(event.body);
    times.push_back(event.event_time);
  }
  tx.Query(kSpread, db::TextArray(webhook_ids), db::TextArray(types), db::TextArray(bodies), db::TimeArray(times));
}

void InsertTest(db::Transaction& tx, int64_t endpoint_number, const WebhookEvent& event) {
  tx.Query(kInsertTest, endpoint_number, event.webhook_id, event.type, event.body, event.event_time);
}

std::vector<WebhookEvent> TakeDueEvents(db::Transaction& tx, const EndpointLease& lease, bool callable, int limit) {
  std::vector<WebhookEvent> events;
  for (const pqxx::row& row : tx.Query(kTakeDue, lease.endpoint.number, callable, limit)) {
    events.push_back({.number = row["number"].as<int64_t>(),
                      .webhook_id = row["webhook_id"].as<std::string>(),
                      .type = row["type"].as<std::string>(),
                      .body = row["body"].as<std::string>(),
                      .event_time = row["event_time"].as<absl::Time>(),
                      .attempts = row["attempts"].as<int>(),
                      .test = row["test"].as<bool>()});
  }
  return events;
}

void SaveAttempts(db::Transaction& tx, int64_t endpoint_number, const std::vector<AttemptRecord>& attempts) {
  std::vector<int64_t> events, ordinals, statuses, waits;
  std::vector<std::string> texts, outcomes;
  for (const AttemptRecord& attempt : attempts) {
    events.push_back(attempt.event_number);
    ordinals.push_back(attempt.attempt);
    statuses.push_back(attempt.status);
    texts.push_back(attempt.text);
    outcomes.push_back(attempt.outcome);
    waits.push_back(absl::ToInt64Milliseconds(attempt.retry_in));
  }
  tx.Query(kSaveAttempts, endpoint_number, db::Int64Array(events), db::Int64Array(ordinals), db::Int64Array(statuses),
           db::TextArray(texts), db::TextArray(outcomes), db::Int64Array(waits));
}

void HoldEvents(db::Transaction& tx, int64_t endpoint_number) { tx.Query(kHold, endpoint_number); }

std::vector<AttemptRecord> LoadAttempts(db::Transaction& tx, int64_t endpoint_number, int64_t before,
                                        absl::string_view webhook_id, int limit) {
  std::vector<AttemptRecord> attempts;
  for (const pqxx::row& row : tx.Query(kLoadAttempts, endpoint_number, before, webhook_id, limit)) {
    attempts.push_back({.event_number = row["event_number"].as<int64_t>(),
                        .webhook_id = row["webhook_id"].as<std::string>(),
                        .type = row["type"].as<std::string>(),
                        .attempt = row["attempt"].as<int>(),
                        .status = row["status"].as<int>(),
                        .text = row["text"].as<std::string>(),
                        .outcome = row["outcome"].as<std::string>(),
                        .time = row["time"].as<absl::Time>(),
                        .number = row["number"].as<int64_t>()});
  }
  return attempts;
}

int64_t CountReplay(db::Transaction& tx, int64_t endpoint_number, absl::Time start, absl::Time end, bool include_heard,
                    int64_t limit) {
  return tx.Query(kCountReplay, endpoint_number, start, end, include_heard, limit)[0][0].as<int64_t>();
}

void ReplayEvents(db::Transaction& tx, int64_t endpoint_number, absl::Time start, absl::Time end, bool include_heard) {
  tx.Query(kReplay, endpoint_number, start, end, include_heard);
}

int64_t RemoveOldWebhookEvents(db::Transaction& tx, absl::Duration age, int limit) {
  return static_cast<int64_t>(tx.Query(kRemoveOld, age, limit).affected_rows());
}

}  // namespace masthead::notifications::webhooks
