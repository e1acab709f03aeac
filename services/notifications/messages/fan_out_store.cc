#include "services/notifications/messages/fan_out_store.h"

#include "absl/time/civil_time.h"
#include "services/notifications/messages/audience_store.h"
#include "services/notifications/messages/digest_store.h"
#include "services/notifications/messages/judge_store.h"
#include "services/notifications/messages/message_store.h"

namespace masthead::notifications {
namespace {

constexpr char kTakeFanout[] = R"sql(
    SELECT f.message_number, f.slices, f.watermark, f.edge, f.last_seq
    FROM fanouts f
    WHERE f.start_time <= db_now()
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

// What is told, what is not, and who has yet to be asked for their limits. The statement's own count of rows is that of
// the deliveries: a RETURNING would carry each of them through the executor once more.
constexpr char kFanOut[] = R"sql(, not_told AS (
        INSERT INTO exclusions (message_number, seq, recipient_number, reason)
        SELECT $1, seq, recipient_number, reason
        FROM judged
        WHERE reason IS NOT NULL
    ), asked AS (
        INSERT INTO limited_candidates (message_number, seq, recipient_number, endpoint_number, topic_number, variant, retry_time)
        SELECT $1, seq, recipient_number, endpoint_number, topic_number, variant, retry_time
        FROM judged
        WHERE reason IS NULL AND limited
    ), moved AS (
        UPDATE fanouts f
        SET watermark = $4, slices = f.slices + 1, last_seq = f.last_seq + slice.candidates, candidates = f.candidates + slice.candidates
        FROM (SELECT count(*) AS candidates FROM judged) slice
        WHERE f.message_number = $1
    )
    INSERT INTO deliveries (message_number, seq, recipient_number, endpoint_number, topic_number, variant, state, retry_time)
    SELECT $1, seq, recipient_number, endpoint_number, topic_number, variant,
           CASE WHEN retry_time IS NULL THEN 'PENDING' ELSE 'DEFERRED' END::delivery_state, retry_time
    FROM judged
    WHERE reason IS NULL AND NOT limited
)sql";

constexpr char kTakeLimited[] = R"sql(
    DELETE FROM limited_candidates
    WHERE message_number = $1
    RETURNING seq, recipient_number, endpoint_number, topic_number, variant, retry_time
)sql";

constexpr char kTellLimited[] = R"sql(
    INSERT INTO deliveries (message_number, seq, recipient_number, endpoint_number, topic_number, variant, state, retry_time)
    SELECT $1, o.seq, o.recipient_number, o.endpoint_number, o.topic_number, o.variant,
           CASE WHEN o.retry_time IS NULL THEN 'PENDING' ELSE 'DEFERRED' END::delivery_state, o.retry_time
    FROM unnest($2::bigint[], $3::bigint[], $4::bigint[], $5::integer[], $6::smallint[], $7::timestamptz[])
         AS o (seq, recipient_number, endpoint_number, topic_number, variant, retry_time)
)sql";

constexpr char kExcludeLimited[] = R"sql(
    INSERT INTO exclusions (message_number, seq, recipient_number, reason)
    SELECT $1, o.seq, o.recipient_number, o.reason::exclusion_reason
    FROM unnest($2::bigint[], $3::bigint[], $4::text[]) AS o (seq, recipient_number, reason)
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

// Postgres takes any union for 200 groups, and would look up the endpoints of each of 50,000 followers: this leaves it
// the merge of two sorted walks.
constexpr char kPlanForTopics[] = R"sql(
    SELECT set_config('enable_hashagg', 'off', true), set_config('enable_nestloop', 'off', true)
)sql";

constexpr char kFanoutArguments[] = R"sql(
    SELECT f.topics, f.frozen_time, m.channels, m.lane, m.category, m.category = 'ALERT' AS digestible, m.expire_time,
           coalesce(nullif(m.campaign, ''), m.id) AS salt,
           ARRAY(SELECT coalesce(t.required_entitlement, '')
                 FROM unnest(f.topics) WITH ORDINALITY AS named (number, position)
                 LEFT JOIN topics t ON t.number = named.number
                 ORDER BY named.position) AS required_entitlements,
           coalesce(a.all_topics, '{}') AS all_topics, coalesce(a.not_topics, '{}') AS not_topics,
           coalesce(a.tiers, '{}') AS tiers, coalesce(a.not_tiers, '{}') AS not_tiers, coalesce(a.languages, '{}') AS languages,
           coalesce(a.told_article, '') AS told_article, coalesce(a.digest_time, '-infinity') AS digest_time, coalesce(a.local_minute, -1) AS local_minute,
           coalesce(a.first_bucket, 0) AS first_bucket, coalesce(a.end_bucket, 1000) AS end_bucket
    FROM fanouts f
    JOIN messages m ON m.number = f.message_number
    LEFT JOIN audiences a ON a.message_number = f.message_number
    WHERE f.message_number = $1
)sql";

constexpr char kZones[] = R"sql(
    SELECT DISTINCT time_zone FROM recipients WHERE number > $1 AND number <= $2 AND time_zone <> ''
)sql";

// Who was told before, or has a digest due, is found by recipient, not by topic: a slice of numbers, whoever bears
// them.
constexpr char kNumbersEdge[] = R"sql(
    SELECT least(watermark + $2, edge) AS slice_edge FROM fanouts WHERE message_number = $1
)sql";

JudgeArguments ReadArguments(db::Transaction& tx, int64_t message_number, const pqxx::row& row) {
  JudgeArguments arguments = {.message_number = message_number,
                              .topics = db::ReadInt64Array(row["topics"]),
                              .required_entitlements = db::ReadTextArray(row["required_entitlements"]),
                              .frozen_time = row["frozen_time"].as<absl::Time>(),
                              .channels = row["channels"].as<Channels>(),
                              .digestible = row["digestible"].as<bool>(),
                              .audience = {.tiers = db::ReadTextArray(row["tiers"]),
                                           .not_tiers = db::ReadTextArray(row["not_tiers"]),
                                           .languages = db::ReadTextArray(row["languages"]),
                                           .told_article = row["told_article"].as<std::string>(),
                                           .digest_time = row["digest_time"].as<absl::Time>(),
                                           .local_minute = row["local_minute"].as<int>(),
                                           .first_bucket = row["first_bucket"].as<int>(),
                                           .end_bucket = row["end_bucket"].as<int>()},
                              .all_topics = db::ReadInt64Array(row["all_topics"]),
                              .not_topics = db::ReadInt64Array(row["not_topics"]),
                              .salt = row["salt"].as<std::string>()};
  int64_t end = 0;
  for (const Variant& variant : LoadVariants(tx, message_number)) {
    arguments.variants.push_back(variant.number);
    arguments.variant_ends.push_back(end += variant.per_mille);
  }
  return arguments;
}

// The first time from `start` on at which it is `minute` of the day in `zone`.
absl::Time NextLocalMinute(absl::Time start, absl::TimeZone zone, int minute) {
  const absl::CivilDay today = absl::ToCivilDay(start, zone);
  for (int days = 0;; ++days) {
    const absl::Time time = absl::FromCivil(absl::CivilMinute(today + days) + minute, zone);
    if (time >= start) return time;
  }
}

void SetReleases(db::Transaction& tx, JudgeArguments& arguments, absl::TimeZone newsroom_zone) {
  const int minute = arguments.audience.local_minute;
  if (minute < 0) return;
  arguments.default_release = NextLocalMinute(arguments.frozen_time, newsroom_zone, minute);
  for (const pqxx::row& row : tx.Query(kZones, arguments.after_recipient, arguments.last_recipient)) {
    absl::TimeZone zone;
    const auto name = row[0].as<std::string>();
    if (!absl::LoadTimeZone(name, &zone)) continue;
    arguments.zones.push_back(name);
    arguments.releases.push_back(NextLocalMinute(arguments.frozen_time, zone, minute));
  }
}

// Decides about the slice's candidates who limit what they are told. Returns how many deliveries came of them.
int64_t SettleLimited(db::Transaction& tx, int64_t message_number, const LimitedMessage& message) {
  std::vector<LimitedCandidate> candidates;
  for (const pqxx::row& row : tx.Query(kTakeLimited, message_number)) {
    candidates.push_back({.seq = row["seq"].as<int64_t>(),
                          .recipient_number = row["recipient_number"].as<int64_t>(),
                          .endpoint_number = row["endpoint_number"].as<int64_t>(),
                          .topic_number = row["topic_number"].as<int64_t>(),
                          .variant = row["variant"].as<int>(),
                          .release = row["retry_time"].as<std::optional<absl::Time>>()});
  }
  if (candidates.empty()) return 0;
  JudgeLimited(tx, message, candidates);
  std::vector<int64_t> seqs, recipients, endpoints, topics, variants, excluded_seqs, excluded;
  std::vector<std::optional<absl::Time>> releases;
  std::vector<std::string> reasons;
  for (const LimitedCandidate& candidate : candidates) {
    if (!candidate.reason.empty()) {
      excluded_seqs.push_back(candidate.seq);
      excluded.push_back(candidate.recipient_number);
      reasons.push_back(candidate.reason);
      continue;
    }
    seqs.push_back(candidate.seq);
    recipients.push_back(candidate.recipient_number);
    endpoints.push_back(candidate.endpoint_number);
    topics.push_back(candidate.topic_number);
    variants.push_back(candidate.variant);
    releases.push_back(candidate.release);
  }
  tx.Query(kExcludeLimited, message_number, db::Int64Array(excluded_seqs), db::Int64Array(excluded),
           db::TextArray(reasons));
  return static_cast<int64_t>(tx.Query(kTellLimited, message_number, db::Int64Array(seqs), db::Int64Array(recipients),
                                       db::Int64Array(endpoints), db::Int64Array(topics), db::Int64Array(variants),
                                       db::TimeArray(releases))
                                  .affected_rows());
}

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

  const pqxx::row row = tx.Query(kFanoutArguments, slice.message_number)[0];
  JudgeArguments arguments = ReadArguments(tx, slice.message_number, row);
  const bool by_topic =
      arguments.audience.told_article.empty() && arguments.audience.digest_time == absl::InfinitePast();
  const auto edge =
      tx.Query(by_topic ? kSliceEdge : kNumbersEdge, slice.message_number, size)[0]["slice_edge"].as<int64_t>();
  if (by_topic) tx.Query(kPlanForTopics);
  arguments.after_recipient = watermark;
  arguments.last_recipient = edge;
  arguments.last_seq = last_seq;
  SetReleases(tx, arguments, options.newsroom_zone);
  auto deliveries = static_cast<int64_t>(QueryJudged(tx, arguments, kFanOut).affected_rows());
  deliveries += SettleLimited(tx, slice.message_number,
                              {.number = slice.message_number,
                               .lane = row["lane"].as<std::string>(),
                               .category = row["category"].as<std::string>(),
                               .expire_time = row["expire_time"].as<absl::Time>()});
  if (arguments.digestible) {
    CollectForDigests(tx, slice.message_number, last_seq, arguments.topics, options.newsroom_zone);
  }
  slice.candidates = tx.Query(kCountSlice, slice.message_number, last_seq, deliveries)[0]["candidates"].as<int64_t>();
  tx.Query(kCutChunks, slice.message_number, last_seq, options.chunk);
  slice.last = edge == taken[0]["edge"].as<int64_t>();
  if (slice.last) slice.ended_message = Close(tx, slice.message_number);
  return slice;
}

}  // namespace masthead::notifications
