#include "services/notifications/sending/delivery_store.h"

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

Delivery FromRow(const pqxx::row& row, const Message& message) {
  Delivery delivery;
  delivery.message_id = message.id;
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
    deliveries.push_back(FromRow(row, message));
  }
  return deliveries;
}

std::optional<Delivery> LoadDelivery(db::Transaction& tx, const Message& message, int64_t seq) {
  const pqxx::result rows = tx.Query(kLoadDelivery, message.number, seq);
  if (rows.empty()) return std::nullopt;
  Delivery delivery = FromRow(rows.front(), message);
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

}  // namespace masthead::notifications
