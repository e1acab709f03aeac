#include "services/notifications/sending/delivery_store.h"

#include "services/notifications/messages/message_store.h"

namespace masthead::notifications {
namespace {

#define DELIVERY_SELECT                                                                                        \
  "SELECT d.seq, coalesce(r.id, '') AS recipient_id, coalesce(e.id, 'email') AS endpoint_id, "                 \
  "coalesce(t.id, '') AS topic_id, d.state, "                                                                  \
  "1 << (array_position(enum_range(NULL::channel), coalesce(e.channel, 'EMAIL')) - 1) AS channel, d.variant, " \
  "coalesce(d.reason, '') AS reason, d.attempts, d.retry_time, d.finish_time "                                 \
  "FROM deliveries d LEFT JOIN recipients r ON r.number = d.recipient_number "                                 \
  "LEFT JOIN topics t ON t.number = d.topic_number "                                                           \
  "LEFT JOIN endpoints e ON e.number = d.endpoint_number "

Delivery FromRow(const pqxx::row& row, const std::string& message_id) {
  Delivery delivery;
  delivery.message_id = message_id;
  delivery.seq = row["seq"].as<int64_t>();
  delivery.recipient_id = row["recipient_id"].as<std::string>();
  delivery.endpoint_id = row["endpoint_id"].as<std::string>();
  delivery.topic_id = row["topic_id"].as<std::string>();
  delivery.channel = row["channel"].as<Channels>();
  delivery.variant = row["variant"].as<int>();
  delivery.state = row["state"].as<std::string>();
  delivery.reason = row["reason"].as<std::string>();
  delivery.attempts = row["attempts"].as<int>();
  delivery.retry_time = row["retry_time"].as<std::optional<absl::Time>>();
  delivery.finish_time = row["finish_time"].as<std::optional<absl::Time>>();
  return delivery;
}

// One recipient's are looked for among all of the message's: a quarter of a second for a million, now and then, when
// support looks into a complaint. An index by recipient would be one more to write for each delivery of every message.
constexpr char kLoadDeliveries[] = DELIVERY_SELECT
    "WHERE d.message_number = $1 AND d.seq > $2 AND ($3 OR d.state = ANY ($4::delivery_state[])) AND ($5 = '' OR r.id "
    "= $5) "
    "ORDER BY d.seq LIMIT $6";

constexpr char kLoadDelivery[] = DELIVERY_SELECT "WHERE d.message_number = $1 AND d.seq = $2";

constexpr char kLoadDeadLetters[] = R"sql(
    SELECT x.message_number, m.id AS message_id, d.seq, coalesce(r.id, '') AS recipient_id, coalesce(e.id, 'email') AS endpoint_id,
           coalesce(t.id, '') AS topic_id, d.state,
           1 << (array_position(enum_range(NULL::channel), coalesce(e.channel, 'EMAIL')) - 1) AS channel, d.variant,
           coalesce(d.reason, '') AS reason, d.attempts, d.retry_time, d.finish_time
    FROM dead_letters x
    JOIN messages m ON m.number = x.message_number
    JOIN deliveries d ON d.message_number = x.message_number AND d.seq = x.seq
    LEFT JOIN recipients r ON r.number = d.recipient_number
    LEFT JOIN topics t ON t.number = d.topic_number
    LEFT JOIN endpoints e ON e.number = d.endpoint_number
    WHERE d.state = 'FAILED' AND ($1::bigint = 0 OR (x.message_number, x.seq) < ($1, $2))
    ORDER BY x.message_number DESC, x.seq DESC
    LIMIT $3
)sql";

#undef DELIVERY_SELECT

constexpr char kLoadAttempts[] = R"sql(
    SELECT time, smtp_code, enhanced_code, text
    FROM attempts
    WHERE message_number = $1 AND seq = $2
    ORDER BY attempt
)sql";

constexpr char kLoadExclusions[] = R"sql(
    SELECT x.seq, r.id AS recipient_id, x.reason
    FROM exclusions x JOIN recipients r ON r.number = x.recipient_number
    WHERE x.message_number = $1 AND x.seq > $2 AND ($3 OR x.reason = ANY ($4::exclusion_reason[]))
    ORDER BY x.seq
    LIMIT $5
)sql";

constexpr char kResolve[] = R"sql(
    UPDATE deliveries
    SET state = CASE WHEN $4 THEN 'SENT' ELSE 'PENDING' END::delivery_state, finish_time = CASE WHEN $4 THEN db_now() END
    WHERE message_number = $1 AND state = 'UNCERTAIN' AND ($2 OR seq = ANY ($3::bigint[]))
    RETURNING seq
)sql";

// An address that was suppressed since, by that very failure or by another, is not tried again.
constexpr char kRetryFailed[] = R"sql(
    WITH retried AS (
        UPDATE deliveries d
        SET state = 'PENDING', reason = NULL, finish_time = NULL, retry_time = NULL
        FROM messages m
        WHERE m.number = $1 AND m.expire_time > db_now() AND d.message_number = $1 AND d.state = 'FAILED'
          AND ($2 OR d.reason = ANY ($3::text[])) AND ($4 OR d.seq = ANY ($5::bigint[]))
          AND NOT EXISTS (SELECT 1
                          FROM endpoints e JOIN suppressions x ON x.address_hash = e.address_hash
                          WHERE e.number = d.endpoint_number AND (x.expire_time IS NULL OR x.expire_time > db_now()))
        RETURNING d.seq
    ), buried_no_more AS (
        DELETE FROM dead_letters x USING retried r WHERE x.message_number = $1 AND x.seq = r.seq
    ), counted AS (
        INSERT INTO counters (message_number, shard, failed)
        SELECT $1, 0, - count(*) FROM retried HAVING count(*) > 0
        ON CONFLICT (message_number, shard) DO UPDATE SET failed = counters.failed + excluded.failed
    )
    SELECT seq FROM retried
)sql";

constexpr char kCountResolved[] = R"sql(
    INSERT INTO counters (message_number, shard, uncertain, sent)
    VALUES ($1, 0, - $2::bigint, $3)
    ON CONFLICT (message_number, shard) DO UPDATE
    SET uncertain = counters.uncertain + excluded.uncertain, sent = counters.sent + excluded.sent
)sql";

// A live lease is left alone: its sender finds them, or gives the chunk back due.
constexpr char kMakeCoveringChunksDue[] = R"sql(
    UPDATE chunks c
    SET due_time = least(due_time, db_now())
    WHERE message_number = $1 AND NOT leased
      AND EXISTS (SELECT 1 FROM unnest($2::bigint[]) AS r (seq) WHERE r.seq BETWEEN c.first_seq AND c.last_seq)
)sql";

// A chunk each where none is left: they are few, and no two chunks overlap.
constexpr char kInsertChunks[] = R"sql(
    INSERT INTO chunks (message_number, chunk_no, lane, first_seq, last_seq, due_time)
    SELECT m.number, r.seq, m.lane, r.seq, r.seq, db_now()
    FROM messages m, unnest($2::bigint[]) AS r (seq)
    WHERE m.number = $1
      AND NOT EXISTS (SELECT 1 FROM chunks c WHERE c.message_number = $1 AND r.seq BETWEEN c.first_seq AND c.last_seq)
)sql";

}  // namespace

std::vector<Delivery> LoadDeliveries(db::Transaction& tx, const Message& message, const DeliveryFilter& filter,
                                     int64_t after, int limit) {
  std::vector<Delivery> deliveries;
  for (const pqxx::row& row : tx.Query(kLoadDeliveries, message.number, after, filter.states.empty(),
                                       db::TextArray(filter.states), filter.recipient_id, limit)) {
    deliveries.push_back(FromRow(row, message.id));
  }
  return deliveries;
}

std::optional<Delivery> LoadDelivery(db::Transaction& tx, const Message& message, int64_t seq) {
  const pqxx::result rows = tx.Query(kLoadDelivery, message.number, seq);
  if (rows.empty()) return std::nullopt;
  Delivery delivery = FromRow(rows.front(), message.id);
  for (const pqxx::row& row : tx.Query(kLoadAttempts, message.number, seq)) {
    delivery.log.push_back({.time = row["time"].as<absl::Time>(),
                            .smtp_code = row["smtp_code"].as<int>(),
                            .enhanced_code = row["enhanced_code"].as<std::string>(),
                            .text = row["text"].as<std::string>()});
  }
  return delivery;
}

std::vector<Exclusion> LoadExclusions(db::Transaction& tx, const Message& message,
                                      const std::vector<std::string>& reasons, int64_t after, int limit) {
  std::vector<Exclusion> exclusions;
  for (const pqxx::row& row :
       tx.Query(kLoadExclusions, message.number, after, reasons.empty(), db::TextArray(reasons), limit)) {
    exclusions.push_back({.message_id = message.id,
                          .seq = row["seq"].as<int64_t>(),
                          .recipient_id = row["recipient_id"].as<std::string>(),
                          .reason = row["reason"].as<std::string>()});
  }
  return exclusions;
}

int64_t ResolveUncertain(db::Transaction& tx, const Message& message, const std::vector<int64_t>& seqs, bool sent) {
  std::vector<int64_t> resolved;
  for (const pqxx::row& row : tx.Query(kResolve, message.number, seqs.empty(), db::Int64Array(seqs), sent)) {
    resolved.push_back(row[0].as<int64_t>());
  }
  if (resolved.empty()) return 0;
  const auto count = static_cast<int64_t>(resolved.size());
  tx.Query(kCountResolved, message.number, count, sent ? count : int64_t{0});
  if (!sent) {
    tx.Query(kMakeCoveringChunksDue, message.number, db::Int64Array(resolved));
    tx.Query(kInsertChunks, message.number, db::Int64Array(resolved));
  }
  return count;
}

int64_t RetryFailed(db::Transaction& tx, const Message& message, const FailureFilter& filter) {
  std::vector<int64_t> retried;
  for (const pqxx::row& row :
       tx.Query(kRetryFailed, message.number, filter.reasons.empty(), db::TextArray(filter.reasons),
                filter.seqs.empty(), db::Int64Array(filter.seqs))) {
    retried.push_back(row[0].as<int64_t>());
  }
  if (retried.empty()) return 0;
  tx.Query(kMakeCoveringChunksDue, message.number, db::Int64Array(retried));
  tx.Query(kInsertChunks, message.number, db::Int64Array(retried));
  ReopenMessage(tx, message);
  return static_cast<int64_t>(retried.size());
}

std::vector<DeadLetter> LoadDeadLetters(db::Transaction& tx, const DeadLetterPlace& after, int limit) {
  std::vector<DeadLetter> letters;
  for (const pqxx::row& row : tx.Query(kLoadDeadLetters, after.message_number, after.seq, limit)) {
    letters.push_back({.place = {row["message_number"].as<int64_t>(), row["seq"].as<int64_t>()},
                       .delivery = FromRow(row, row["message_id"].as<std::string>())});
  }
  return letters;
}

}  // namespace masthead::notifications
