#include "services/notifications/messages/fan_out_store.h"

#include "absl/strings/str_cat.h"
#include "services/notifications/messages/message_store.h"

namespace masthead::notifications {
namespace {

constexpr char kTakeFanout[] = R"sql(
    SELECT f.message_number, f.slices, f.watermark, f.edge, f.last_seq
    FROM fanouts f
    ORDER BY f.lane, f.message_number
    LIMIT 1
    FOR UPDATE SKIP LOCKED
)sql";

// Where the slice ends: not more than $2 subscriptions of any topic.
constexpr char kSliceEdge[] = R"sql(
    SELECT coalesce(min(n.recipient_number), f.edge) AS slice_edge
    FROM fanouts f
    LEFT JOIN LATERAL (
        SELECT s.recipient_number
        FROM unnest(f.topics) AS t (number)
        CROSS JOIN LATERAL (SELECT recipient_number
                            FROM subscriptions
                            WHERE topic_number = t.number AND recipient_number > f.watermark AND recipient_number <= f.edge
                            ORDER BY recipient_number
                            OFFSET $2::bigint - 1
                            LIMIT 1) s) n ON true
    WHERE f.message_number = $1
    GROUP BY f.edge
)sql";

// Every candidate in (watermark, slice edge] gets the next seq, and is judged once: a reason not to be told, or none.
// The standing of a candidate is the best that a topic gives: the topic's position in the message, of the first that
// the recipient follows and is entitled to, which brings the delivery; 1000001 if the recipient is entitled to none of
// those that it follows; 1000002 if it has left them all. Of several endpoints with one address, the first is told; the
// look for twins is only taken by those that are marked. The statement's own count of rows is that of the deliveries: a
// RETURNING would carry each of them through the executor once more.
constexpr char kFanOut[] = R"sql(
    WITH audience AS NOT MATERIALIZED (
        SELECT DISTINCT ON (s.recipient_number) s.recipient_number,
               CASE WHEN s.state <> 'ACTIVE' THEN 1000002
                    WHEN t.required_entitlement = ''
                         OR EXISTS (SELECT 1 FROM recipients r
                                    WHERE r.number = s.recipient_number AND t.required_entitlement = ANY (r.tiers)) THEN t.position
                    ELSE 1000001 END AS standing
        FROM unnest($2::integer[], $7::text[]) WITH ORDINALITY AS t (number, required_entitlement, position)
        JOIN subscriptions s ON s.topic_number = t.number
        WHERE s.recipient_number > $3::bigint AND s.recipient_number <= $4::bigint
          AND s.create_time <= $5
          AND s.state <> 'PENDING'
        ORDER BY s.recipient_number, standing
    ), judged AS MATERIALIZED (
        SELECT a.recipient_number, e.number AS endpoint_number, ($2::integer[])[a.standing] AS topic_number,
               $6::bigint + row_number() OVER (ORDER BY a.recipient_number) AS seq,
               CASE WHEN a.standing = 1000002 THEN 'UNSUBSCRIBED'
                    WHEN a.standing = 1000001 THEN 'NOT_ENTITLED'
                    WHEN e.number IS NULL THEN 'INVALID_ADDRESS'
                    WHEN e.suppressed THEN 'SUPPRESSED'
                    WHEN e.shares_address
                         AND EXISTS (SELECT 1
                                     FROM endpoints twin
                                     WHERE twin.address_hash = (SELECT address_hash FROM endpoints WHERE number = e.number)
                                       AND twin.recipient_number < a.recipient_number
                                       AND (EXISTS (SELECT 1 FROM deliveries d
                                                    WHERE d.message_number = $1 AND d.endpoint_number = twin.number)
                                            OR EXISTS (SELECT 1
                                                       FROM audience same_slice
                                                       WHERE same_slice.recipient_number = twin.recipient_number
                                                         AND same_slice.standing <= 1000000)))
                         THEN 'DUPLICATE_ADDRESS'
               END::exclusion_reason AS reason
        FROM audience a
        LEFT JOIN endpoints e
               ON e.recipient_number = a.recipient_number AND e.recipient_number > $3::bigint AND e.recipient_number <= $4::bigint
    ), not_told AS (
        INSERT INTO exclusions (message_number, seq, recipient_number, reason)
        SELECT $1, seq, recipient_number, reason
        FROM judged
        WHERE reason IS NOT NULL
    ), moved AS (
        UPDATE fanouts f
        SET watermark = $4, slices = f.slices + 1, last_seq = f.last_seq + slice.candidates, candidates = f.candidates + slice.candidates
        FROM (SELECT count(*) AS candidates FROM judged) slice
        WHERE f.message_number = $1
    )
    INSERT INTO deliveries (message_number, seq, recipient_number, endpoint_number, topic_number)
    SELECT $1, seq, recipient_number, endpoint_number, topic_number
    FROM judged
    WHERE reason IS NULL
)sql";

// Counts what the slice has written, beside how many it has judged. Returns the slice's candidates.
constexpr char kCountSlice[] = R"sql(
    UPDATE fanouts
    SET deliveries = deliveries + $3,
        exclusions = exclusions + (SELECT count(*) FROM exclusions WHERE message_number = $1 AND seq > $2)
    WHERE message_number = $1
    RETURNING last_seq - $2 AS candidates
)sql";

constexpr char kCutChunks[] = R"sql(
    INSERT INTO chunks (message_number, chunk_no, lane, first_seq, last_seq, due_time)
    SELECT f.message_number, start, f.lane, start, least(start + $3::bigint - 1, f.last_seq),
           CASE WHEN m.state = 'PAUSED' THEN 'infinity' ELSE db_now() END
    FROM fanouts f JOIN messages m ON m.number = f.message_number, generate_series($2::bigint + 1, f.last_seq, $3::bigint) AS start
    WHERE f.message_number = $1
)sql";

// Closes the accounts: they add up, or the message has failed.
constexpr char kCloseFanout[] = R"sql(
    UPDATE messages m
    SET candidates = f.candidates, deliveries = f.deliveries, exclusions = f.exclusions, prepare_time = db_now(),
        revision = m.revision + CASE WHEN f.candidates = f.deliveries + f.exclusions THEN 0 ELSE 1 END,
        state = CASE WHEN f.candidates <> f.deliveries + f.exclusions THEN 'FAILED' WHEN m.state = 'PAUSED' THEN 'PAUSED' ELSE 'SENDING' END,
        finish_time = CASE WHEN f.candidates = f.deliveries + f.exclusions THEN NULL ELSE db_now() END,
        failure = CASE WHEN f.candidates = f.deliveries + f.exclusions THEN m.failure
                       ELSE format('%s candidates, but %s deliveries and %s exclusions', f.candidates, f.deliveries, f.exclusions) END
    FROM fanouts f
    WHERE f.message_number = m.number AND m.number = $1 AND m.state IN ('PREPARING', 'PAUSED')
    RETURNING m.id, m.state
)sql";

constexpr char kRemoveFanout[] = "DELETE FROM fanouts WHERE message_number = $1";

// The slice's range is what makes its plan: a plan for any range would walk the tables row by row. A slice is sorted
// and kept in memory, not in files.
constexpr char kPlanForValues[] = R"sql(
    SELECT set_config('plan_cache_mode', 'force_custom_plan', true), set_config('work_mem', '32MB', true)
)sql";

constexpr char kFanoutArguments[] = R"sql(
    SELECT f.topics, f.frozen_time,
           ARRAY(SELECT coalesce(t.required_entitlement, '')
                 FROM unnest(f.topics) WITH ORDINALITY AS named (number, position)
                 LEFT JOIN topics t ON t.number = named.number
                 ORDER BY named.position) AS required_entitlements
    FROM fanouts f
    WHERE f.message_number = $1
)sql";

// Ends the fan-out; returns the ID of the message if that ended it as well.
std::string Close(db::Transaction& tx, int64_t message_number) {
  const pqxx::result closed = tx.Query(kCloseFanout, message_number);
  tx.Query(kRemoveFanout, message_number);
  if (closed.empty()) return "";
  if (closed[0]["state"].as<std::string>() == "FAILED") return closed[0]["id"].as<std::string>();
  return FinishMessage(tx, message_number).value_or("");
}

}  // namespace

std::optional<Slice> FanOutSlice(db::Transaction& tx, const FanOutOptions& options) {
  tx.Query(kPlanForValues);
  const pqxx::result taken = tx.Query(kTakeFanout);
  if (taken.empty()) return std::nullopt;
  Slice slice = {.message_number = taken[0]["message_number"].as<int64_t>()};
  const auto watermark = taken[0]["watermark"].as<int64_t>();
  const auto last_seq = taken[0]["last_seq"].as<int64_t>();
  const int size = taken[0]["slices"].as<int>() == 0 ? options.first_slice : options.slice;

  const auto edge = tx.Query(kSliceEdge, slice.message_number, size)[0]["slice_edge"].as<int64_t>();
  const pqxx::result arguments = tx.Query(kFanoutArguments, slice.message_number);
  const auto deliveries = tx.Query(kFanOut, slice.message_number, arguments[0]["topics"].as<std::string>(), watermark,
                                   edge, arguments[0]["frozen_time"].as<absl::Time>(), last_seq,
                                   arguments[0]["required_entitlements"].as<std::string>())
                              .affected_rows();
  slice.candidates =
      tx.Query(kCountSlice, slice.message_number, last_seq, static_cast<int64_t>(deliveries))[0]["candidates"]
          .as<int64_t>();
  tx.Query(kCutChunks, slice.message_number, last_seq, options.chunk);
  slice.last = edge == taken[0]["edge"].as<int64_t>();
  if (slice.last) slice.ended_message = Close(tx, slice.message_number);
  return slice;
}

}  // namespace masthead::notifications
