#include "services/notifications/sending/chunk_store.h"

#include <map>
#include <set>

#include "services/notifications/messages/message_store.h"
#include "services/notifications/suppressions/bounce_store.h"

namespace masthead::notifications {
namespace {

constexpr int kCounterShards = 8;

constexpr char kTakeLease[] = R"sql(
    UPDATE chunks c
    SET epoch = c.epoch + 1, leased = true, due_time = db_now() + $1::interval
    FROM (SELECT message_number, chunk_no
          FROM chunks
          WHERE due_time <= db_now() AND lane BETWEEN $2::lane AND $3::lane
          ORDER BY lane, due_time
          LIMIT 1
          FOR UPDATE SKIP LOCKED) first
    JOIN messages m ON m.number = first.message_number
    WHERE c.message_number = first.message_number AND c.chunk_no = first.chunk_no
    RETURNING c.message_number, c.chunk_no, c.first_seq, c.last_seq, c.epoch, m.id AS message_id, m.state AS message_state,
              m.duplicate_policy = 'AT_MOST_ONCE' AS at_most_once
)sql";

constexpr char kSettleLeftovers[] = R"sql(
    WITH leftovers AS (
        UPDATE deliveries
        SET state = CASE WHEN $4 THEN 'UNCERTAIN' ELSE 'PENDING' END::delivery_state,
            finish_time = CASE WHEN $4 THEN db_now() END
        WHERE message_number = $1 AND seq BETWEEN $2 AND $3 AND state = 'ATTEMPTING'
        RETURNING seq, attempts
    ), logged AS (
        INSERT INTO attempts (message_number, seq, attempt, smtp_code, enhanced_code, text)
        SELECT $1, seq, attempts, 0, '', 'the sender stopped before it recorded an answer'
        FROM leftovers
        ON CONFLICT DO NOTHING
    )
    SELECT count(*) FROM leftovers
)sql";

// Breaking news and what is more urgent takes over after the window; other lanes wait for the end of the chunk.
constexpr char kShouldYield[] = R"sql(
    SELECT m.state = 'PAUSED'
           OR EXISTS (SELECT 1 FROM chunks c WHERE c.lane <= 'BREAKING' AND c.lane < m.lane AND c.due_time <= db_now() AND NOT c.leased)
    FROM messages m
    WHERE m.number = $1
)sql";

constexpr char kBury[] = R"sql(
    INSERT INTO dead_letters (message_number, seq)
    SELECT $1, seq
    FROM unnest($2::bigint[]) AS failed (seq)
    WHERE EXISTS (SELECT 1 FROM messages WHERE number = $1 AND source <> 'LETTER')
    ON CONFLICT DO NOTHING
)sql";

constexpr char kHoldLease[] = R"sql(
    UPDATE chunks
    SET due_time = db_now() + $4::interval
    WHERE message_number = $1 AND chunk_no = $2 AND epoch = $3
)sql";

// The same choice as kLoadDue; taken first, so that kLoadDue reads what can no longer change.
constexpr char kLockChoices[] = R"sql(
    SELECT 1
    FROM subscriptions s
    WHERE (s.topic_number, s.recipient_number) IN (
              SELECT d.topic_number, d.recipient_number
              FROM deliveries d JOIN messages m ON m.number = d.message_number
              WHERE d.message_number = $1 AND d.seq BETWEEN $2 AND $3
                AND (d.state = 'PENDING'
                     OR (d.state = 'DEFERRED'
                         AND (d.retry_time <= db_now() OR m.expire_time <= db_now() OR m.state = 'CANCELLED')))
              ORDER BY d.seq
              LIMIT $4)
    FOR SHARE OF s
)sql";

// A transactional letter has no topic to leave, and goes to suppressed addresses too: somebody is waiting for it.
constexpr char kLoadDue[] = R"sql(
    SELECT d.seq, d.attempts, d.state = 'ATTEMPTING' AS intended, d.recipient_number, d.topic_number,
           coalesce(t.id, '') AS topic_id, coalesce(r.id, '') AS recipient_id,
           coalesce(nullif(l.locale, ''), r.locale, '') AS locale,
           coalesce(r.tiers, '{}') AS tiers, coalesce(NOT r.anonymous, false) AS is_member, d.endpoint_number, d.variant,
           1 << (array_position(enum_range(NULL::channel), coalesce(e.channel, 'EMAIL')) - 1) AS channel,
           coalesce(e.id, 'email') AS endpoint_id, coalesce(e.mailbox, '') AS mailbox, coalesce(e.target, '') AS sealed_target,
           m.state IN ('CANCELLED', 'FAILED') AS message_cancelled,
           m.expire_time <= db_now() AS expired,
           e.state IS DISTINCT FROM 'ACTIVE' AND NOT coalesce(l.to_address, false) AS address_gone,
           l.message_number IS NULL AND coalesce(a.told_article, '') = '' AND s.state IS DISTINCT FROM 'ACTIVE' AS unsubscribed,
           x.address_hash IS NOT NULL AND (l.message_number IS NULL OR x.scope = 'ALL') AS suppressed,
           l.message_number IS NULL AND coalesce(e.limited, false) AS limited, coalesce(p.tracking, 'AGGREGATE') AS tracking
    FROM deliveries d
    JOIN messages m ON m.number = d.message_number
    LEFT JOIN recipients r ON r.number = d.recipient_number
    LEFT JOIN topics t ON t.number = d.topic_number
    LEFT JOIN transactional_letters l ON l.message_number = d.message_number
    LEFT JOIN endpoints e ON e.number = d.endpoint_number
    LEFT JOIN subscriptions s ON s.topic_number = d.topic_number AND s.recipient_number = d.recipient_number
    LEFT JOIN suppressions x ON x.address_hash = e.address_hash AND (x.expire_time IS NULL OR x.expire_time > db_now())
    LEFT JOIN audiences a ON a.message_number = d.message_number
    LEFT JOIN preferences p ON p.recipient_number = d.recipient_number
    WHERE d.message_number = $1 AND d.seq BETWEEN $2 AND $3
      AND (d.state = 'PENDING'
           OR (d.state = 'DEFERRED' AND (d.retry_time <= db_now() OR m.expire_time <= db_now() OR m.state = 'CANCELLED'))
           OR (d.state = 'ATTEMPTING' AND d.lease_epoch = $5))
    ORDER BY d.seq
    LIMIT $4
)sql";

constexpr char kSaveIntents[] = R"sql(
    UPDATE deliveries
    SET state = 'ATTEMPTING', attempts = attempts + 1, lease_epoch = $2, retry_time = NULL
    WHERE message_number = $1 AND seq = ANY ($3::bigint[]) AND state IN ('PENDING', 'DEFERRED')
    RETURNING seq
)sql";

constexpr char kSaveDecisions[] = R"sql(
    UPDATE deliveries d
    SET state = o.state::delivery_state, reason = nullif(o.reason, ''),
        attempts = d.attempts - CASE WHEN o.counts OR d.state <> 'ATTEMPTING' THEN 0 ELSE 1 END,
        retry_time = CASE WHEN o.state = 'DEFERRED' THEN db_now() + o.retry_milliseconds * interval '1 millisecond' END,
        finish_time = CASE WHEN o.state NOT IN ('PENDING', 'DEFERRED') THEN db_now() END
    FROM unnest($3::bigint[], $4::text[], $5::text[], $6::boolean[], $7::bigint[]) AS o (seq, state, reason, counts, retry_milliseconds)
    WHERE d.message_number = $1 AND d.seq = o.seq
      AND (d.state IN ('PENDING', 'DEFERRED') OR (d.state = 'ATTEMPTING' AND d.lease_epoch = $2))
    RETURNING d.seq, d.state
)sql";

constexpr char kLogAttempts[] = R"sql(
    INSERT INTO attempts (message_number, seq, attempt, smtp_code, enhanced_code, text)
    SELECT $1, d.seq, d.attempts, a.smtp_code, a.enhanced_code, left(a.text, 512)
    FROM unnest($2::bigint[], $3::bigint[], $4::text[], $5::text[]) AS a (seq, smtp_code, enhanced_code, text)
    JOIN deliveries d ON d.message_number = $1 AND d.seq = a.seq
    ON CONFLICT DO NOTHING
)sql";

// Of those who limit what they are told; the rest need not be counted.
constexpr char kRememberTold[] = R"sql(
    INSERT INTO told (recipient_number, time, message_number, category)
    SELECT DISTINCT d.recipient_number, db_now(), d.message_number, m.category
    FROM deliveries d
    JOIN messages m ON m.number = d.message_number
    JOIN endpoints e ON e.number = d.endpoint_number
    WHERE d.message_number = $1 AND d.seq = ANY ($2::bigint[]) AND e.limited AND m.category <> 'TRANSACTIONAL'
      AND NOT EXISTS (SELECT 1 FROM told t WHERE t.recipient_number = d.recipient_number AND t.message_number = d.message_number)
)sql";

constexpr char kExpireEndpoints[] = R"sql(
    UPDATE endpoints e
    SET state = 'EXPIRED', revision = revision + 1, update_time = db_now()
    FROM deliveries d
    WHERE d.message_number = $1 AND d.seq = ANY ($2::bigint[]) AND e.number = d.endpoint_number AND e.state = 'ACTIVE'
)sql";

constexpr char kCount[] = R"sql(
    INSERT INTO counters (message_number, shard, sent, failed, expired, cancelled, uncertain)
    VALUES ($1, $2, $3, $4, $5, $6, $7)
    ON CONFLICT (message_number, shard) DO UPDATE
    SET sent = counters.sent + excluded.sent, failed = counters.failed + excluded.failed, expired = counters.expired + excluded.expired,
        cancelled = counters.cancelled + excluded.cancelled, uncertain = counters.uncertain + excluded.uncertain
)sql";

constexpr char kLockMessage[] = "SELECT 1 FROM messages WHERE number = $1 FOR UPDATE";

constexpr char kLockChunk[] = R"sql(
    SELECT 1 FROM chunks WHERE message_number = $1 AND chunk_no = $2 AND epoch = $3 FOR UPDATE
)sql";

constexpr char kDropChunk[] = R"sql(
    DELETE FROM chunks
    WHERE message_number = $1 AND chunk_no = $2
      AND NOT EXISTS (SELECT 1 FROM deliveries
                      WHERE message_number = $1 AND seq BETWEEN $3 AND $4 AND state IN ('PENDING', 'DEFERRED', 'ATTEMPTING'))
)sql";

// The next turn of a deferred delivery may be its last: when the message expires.
constexpr char kReleaseChunk[] = R"sql(
    UPDATE chunks c
    SET leased = false,
        due_time = CASE WHEN m.state = 'PAUSED' THEN 'infinity' ELSE
                   greatest(db_now() + $5::interval,
                            least(m.expire_time,
                                  (SELECT coalesce(min(coalesce(retry_time, db_now())), db_now())
                                   FROM deliveries
                                   WHERE message_number = $1 AND seq BETWEEN $3 AND $4 AND state IN ('PENDING', 'DEFERRED')))) END
    FROM messages m
    WHERE m.number = c.message_number AND c.message_number = $1 AND c.chunk_no = $2
)sql";

void Count(db::Transaction& tx, const Lease& lease, const std::map<std::string, int64_t>& by_state) {
  const auto count = [&](const char* state) {
    const auto found = by_state.find(state);
    return found == by_state.end() ? int64_t{0} : found->second;
  };
  const int64_t sent = count("SENT"), failed = count("FAILED"), expired = count("EXPIRED"),
                cancelled = count("CANCELLED"), uncertain = count("UNCERTAIN");
  if (sent + failed + expired + cancelled + uncertain == 0) return;
  tx.Query(kCount, lease.message_number, lease.chunk_no / 512 % kCounterShards, sent, failed, expired, cancelled,
           uncertain);
}

void LogAttempts(db::Transaction& tx, const Lease& lease, const std::vector<Decision>& decisions) {
  std::vector<int64_t> seqs, codes;
  std::vector<std::string> enhanced_codes, texts;
  for (const Decision& decision : decisions) {
    if (!decision.attempted || decision.disposition.state == "SENT" || !decision.disposition.counts_as_attempt)
      continue;
    seqs.push_back(decision.seq);
    codes.push_back(decision.smtp_code);
    enhanced_codes.push_back(decision.enhanced_code);
    texts.push_back(decision.text);
  }
  if (seqs.empty()) return;
  tx.Query(kLogAttempts, lease.message_number, db::Int64Array(seqs), db::Int64Array(codes),
           db::TextArray(enhanced_codes), db::TextArray(texts));
}

}  // namespace

std::optional<Lease> TakeLease(db::Transaction& tx, absl::Duration duration, const LaneRange& lanes) {
  const pqxx::result rows = tx.Query(kTakeLease, duration, lanes.first, lanes.last);
  if (rows.empty()) return std::nullopt;
  const pqxx::row row = rows.front();
  const Lease lease = {.message_number = row["message_number"].as<int64_t>(),
                       .chunk_no = row["chunk_no"].as<int64_t>(),
                       .first_seq = row["first_seq"].as<int64_t>(),
                       .last_seq = row["last_seq"].as<int64_t>(),
                       .epoch = row["epoch"].as<int32_t>(),
                       .message_id = row["message_id"].as<std::string>(),
                       .message_state = row["message_state"].as<std::string>(),
                       .at_most_once = row["at_most_once"].as<bool>()};
  const auto leftovers =
      tx.Query(kSettleLeftovers, lease.message_number, lease.first_seq, lease.last_seq, lease.at_most_once)[0][0]
          .as<int64_t>();
  if (lease.at_most_once) Count(tx, lease, {{"UNCERTAIN", leftovers}});
  return lease;
}

bool HoldLease(db::Transaction& tx, const Lease& lease, absl::Duration duration) {
  return tx.Query(kHoldLease, lease.message_number, lease.chunk_no, lease.epoch, duration).affected_rows() == 1;
}

bool ShouldYield(db::Transaction& tx, const Lease& lease) {
  return tx.Query(kShouldYield, lease.message_number)[0][0].as<bool>();
}

std::vector<Due> LoadDue(db::Transaction& tx, const Lease& lease, int limit) {
  tx.Query(kLockChoices, lease.message_number, lease.first_seq, lease.last_seq, limit);
  std::vector<Due> due;
  for (const pqxx::row& row :
       tx.Query(kLoadDue, lease.message_number, lease.first_seq, lease.last_seq, limit, lease.epoch)) {
    const bool intended = row["intended"].as<bool>();
    due.push_back({.seq = row["seq"].as<int64_t>(),
                   .attempts = row["attempts"].as<int>() - (intended ? 1 : 0),
                   .intended = intended,
                   .recipient_number = row["recipient_number"].as<int64_t>(),
                   .topic_number = row["topic_number"].as<int32_t>(),
                   .topic_id = row["topic_id"].as<std::string>(),
                   .recipient_id = row["recipient_id"].as<std::string>(),
                   .endpoint_id = row["endpoint_id"].as<std::string>(),
                   .locale = row["locale"].as<std::string>(),
                   .tiers = db::ReadTextArray(row["tiers"]),
                   .is_member = row["is_member"].as<bool>(),
                   .channel = row["channel"].as<Channels>(),
                   .endpoint_number = row["endpoint_number"].as<int64_t>(),
                   .mailbox = row["mailbox"].as<std::string>(),
                   .sealed_target = db::ReadBytes(row["sealed_target"]),
                   .variant = row["variant"].as<int>(),
                   .limited = row["limited"].as<bool>(),
                   .tracking = row["tracking"].as<std::string>(),
                   .obstacles = {.message_cancelled = row["message_cancelled"].as<bool>(),
                                 .expired = row["expired"].as<bool>(),
                                 .address_gone = row["address_gone"].as<bool>(),
                                 .unsubscribed = row["unsubscribed"].as<bool>(),
                                 .suppressed = row["suppressed"].as<bool>()}});
  }
  return due;
}

std::vector<int64_t> SaveIntents(db::Transaction& tx, const Lease& lease, const std::vector<int64_t>& seqs) {
  std::vector<int64_t> intended;
  if (seqs.empty()) return intended;
  for (const pqxx::row& row : tx.Query(kSaveIntents, lease.message_number, lease.epoch, db::Int64Array(seqs))) {
    intended.push_back(row[0].as<int64_t>());
  }
  return intended;
}

void SaveDecisions(db::Transaction& tx, const Lease& lease, const std::vector<Decision>& decisions) {
  if (decisions.empty()) return;
  std::vector<int64_t> seqs, retries, bounced, gone;
  std::set<int64_t> soft;
  std::vector<std::string> states, reasons;
  std::vector<bool> counted;
  for (const Decision& decision : decisions) {
    const Disposition& disposition = decision.disposition;
    seqs.push_back(decision.seq);
    states.push_back(disposition.state);
    reasons.push_back(disposition.reason);
    counted.push_back(disposition.counts_as_attempt);
    retries.push_back(absl::ToInt64Milliseconds(disposition.retry_in));
    if (disposition.suppress_address) bounced.push_back(decision.seq);
    if (disposition.reason == "SOFT_BOUNCE") soft.insert(decision.seq);
    if (disposition.expire_endpoint) gone.push_back(decision.seq);
  }
  std::map<std::string, int64_t> by_state;
  std::vector<int64_t> sent, failed, unable;
  for (const pqxx::row& row :
       tx.Query(kSaveDecisions, lease.message_number, lease.epoch, db::Int64Array(seqs), db::TextArray(states),
                db::TextArray(reasons), db::BoolArray(counted), db::Int64Array(retries))) {
    const auto state = row["state"].as<std::string>();
    ++by_state[state];
    if (state == "FAILED") failed.push_back(row["seq"].as<int64_t>());
    if (soft.contains(row["seq"].as<int64_t>())) unable.push_back(row["seq"].as<int64_t>());
    if (state == "SENT") sent.push_back(row["seq"].as<int64_t>());
  }
  LogAttempts(tx, lease, decisions);
  if (!failed.empty()) tx.Query(kBury, lease.message_number, db::Int64Array(failed));
  if (!bounced.empty()) SuppressAddresses(tx, lease.message_number, bounced, "HARD_BOUNCE");
  if (!unable.empty()) CountSoftBounces(tx, lease.message_number, unable);
  if (!sent.empty()) tx.Query(kRememberTold, lease.message_number, db::Int64Array(sent));
  if (!gone.empty()) tx.Query(kExpireEndpoints, lease.message_number, db::Int64Array(gone));
  Count(tx, lease, by_state);
}

std::optional<std::string> ReturnLease(db::Transaction& tx, const Lease& lease, absl::Duration pause) {
  tx.Query(kLockMessage, lease.message_number);
  if (tx.Query(kLockChunk, lease.message_number, lease.chunk_no, lease.epoch).empty()) return std::nullopt;
  if (tx.Query(kDropChunk, lease.message_number, lease.chunk_no, lease.first_seq, lease.last_seq).affected_rows() ==
      1) {
    return FinishMessage(tx, lease.message_number);
  }
  tx.Query(kReleaseChunk, lease.message_number, lease.chunk_no, lease.first_seq, lease.last_seq, pause);
  return std::nullopt;
}

}  // namespace masthead::notifications
