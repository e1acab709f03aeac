#include "services/notifications/messages/judge_store.h"

#include <algorithm>
#include <map>
#include <optional>

#include "absl/strings/str_cat.h"
#include "common/db/now.h"
#include "services/notifications/preferences/preference_store.h"

namespace masthead::notifications {
namespace {

// The standing that a topic gives its follower: a rank, lower is better, times 64, and the channels that the message
// and the follower agree on. Ranks are the position of the topic in the message, or, if the topic does not bring the
// delivery: 1000000, no channel in common; 1000001, told in a digest; 1000002, not entitled; 1000003, left. One branch
// for each topic, so that each walks its index in the order of recipients and nothing needs sorting. The subscriptions
// of the topic at position `k` of $2.
std::string FollowersOf(int k) {
  return absl::StrCat(R"sql(
        SELECT s.recipient_number,
               CASE WHEN s.state <> 'ACTIVE' THEN 64000192
                    WHEN NOT (($7::text[])[)sql",
                      k, R"sql(] = ''
                              OR EXISTS (SELECT 1 FROM recipients r
                                         WHERE r.number = s.recipient_number AND ($7::text[])[)sql",
                      k, R"sql(] = ANY (r.tiers)))
                         THEN 64000128
                    WHEN $10::boolean AND s.cadence <> 'IMMEDIATE' AND s.channels & 1 = 1 THEN 64000064
                    WHEN s.channels & $8::integer = 0 THEN 64000000
                    ELSE )sql",
                      k * 64, R"sql( + (s.channels & $8::integer) END AS standing
        FROM subscriptions s
        WHERE s.topic_number = ($2::integer[])[)sql",
                      k, R"sql(]
          AND s.recipient_number > $3::bigint AND s.recipient_number <= $4::bigint
          AND s.create_time <= $5::timestamptz AND s.state <> 'PENDING')sql");
}

// Who was told of the article, by whatever topic, and by which ways; whatever they chose since.
constexpr char kToldBefore[] = R"sql(
        SELECT d.recipient_number,
               min(coalesce(array_position($2::integer[], d.topic_number), 1)) * 64
               + (bit_or(CASE e.channel WHEN 'EMAIL' THEN 1 WHEN 'WEB_PUSH' THEN 2 WHEN 'MOBILE_PUSH' THEN 4
                                        WHEN 'SMS' THEN 8 WHEN 'WEBHOOK' THEN 16 ELSE 32 END) & $8::integer) AS standing
        FROM (SELECT m.number AS message_number, NULL::bigint AS only_recipient
              FROM messages m
              WHERE (m.article = $16::text OR m.number IN (SELECT message_number FROM issue_articles WHERE article = $16::text))
                AND m.number <> $1::bigint AND m.source IN ('ALERT', 'CAMPAIGN')
              UNION ALL
              SELECT a.message_number, n.recipient_number
              FROM messages m
              JOIN digest_entries n ON n.message_number = m.number
              JOIN audiences a ON a.digest_time = n.due_time
              WHERE m.article = $16::text AND m.source = 'ALERT') told
        JOIN deliveries d ON d.message_number = told.message_number
                         AND (told.only_recipient IS NULL OR d.recipient_number = told.only_recipient)
        JOIN endpoints e ON e.number = d.endpoint_number
        WHERE d.state IN ('SENT', 'DELIVERED', 'UNCERTAIN')
          AND d.recipient_number > $3::bigint AND d.recipient_number <= $4::bigint AND $5::timestamptz IS NOT NULL
          AND $7::text[] IS NOT NULL AND $10::boolean IS NOT NULL
        GROUP BY d.recipient_number)sql";

// For whom stories are due in a digest, by what still brings them.
constexpr char kWithStoriesDue[] = R"sql(
        SELECT n.recipient_number,
               min(CASE WHEN s.state IS DISTINCT FROM 'ACTIVE' THEN 64000192
                        WHEN s.channels & $8::integer = 0 THEN 64000000
                        ELSE coalesce(array_position($2::integer[], n.topic_number), 1000002) * 64 + (s.channels & $8::integer)
                   END) AS standing
        FROM digest_entries n
        LEFT JOIN subscriptions s ON s.topic_number = n.topic_number AND s.recipient_number = n.recipient_number
        WHERE n.due_time = $25::timestamptz
          AND n.recipient_number > $3::bigint AND n.recipient_number <= $4::bigint AND $5::timestamptz IS NOT NULL
          AND $7::text[] IS NOT NULL AND $10::boolean IS NOT NULL
        GROUP BY n.recipient_number)sql";

// The best standing of each follower. Conditions that the audience does not make are constants, and go when the
// statement is planned. The bucket of a recipient is that of the first 32 bits of md5("{salt}/{number}"), modulo 1000.
constexpr char kAudience[] = R"sql(
        ) AS standings
        GROUP BY recipient_number
    ), audience AS NOT MATERIALIZED (
        SELECT b.recipient_number, b.standing
        FROM best b
        WHERE $16::text IS NOT NULL AND $25::timestamptz IS NOT NULL AND (cardinality($11::integer[]) = 0
               OR cardinality($11::integer[]) = (SELECT count(*) FROM subscriptions f
                                                 WHERE f.recipient_number = b.recipient_number
                                                   AND f.topic_number = ANY ($11::integer[]) AND f.state = 'ACTIVE'))
          AND (cardinality($12::integer[]) = 0
               OR NOT EXISTS (SELECT 1 FROM subscriptions f
                              WHERE f.recipient_number = b.recipient_number
                                AND f.topic_number = ANY ($12::integer[]) AND f.state = 'ACTIVE'))
          AND ((cardinality($13::text[]) = 0 AND cardinality($14::text[]) = 0 AND cardinality($15::text[]) = 0)
               OR EXISTS (SELECT 1 FROM recipients r
                          WHERE r.number = b.recipient_number
                            AND (cardinality($13::text[]) = 0 OR r.tiers && $13::text[])
                            AND NOT r.tiers && $14::text[]
                            AND (cardinality($15::text[]) = 0 OR r.locale = ANY ($15::text[])
                                 OR split_part(r.locale, '-', 1) = ANY ($15::text[]))))
          AND (($17::integer = 0 AND $18::integer = 1000)
               OR ('x' || left(md5($19::text || '/' || b.recipient_number), 8))::bit(32)::bigint % 1000
                  BETWEEN $17::integer AND $18::integer - 1)
    ), )sql";

// Every candidate gets the next seq, and is judged once. Of several endpoints with one address, the first is told; the
// look for twins is only taken by those that are marked. The variant is drawn by the next 32 bits of the bucket's hash.
constexpr char kJudged[] = R"sql(judged AS MATERIALIZED (
        SELECT a.recipient_number, e.number AS endpoint_number, ($2::integer[])[a.standing >> 6] AS topic_number,
               $6::bigint + row_number() OVER (ORDER BY a.recipient_number) AS seq,
               CASE WHEN cardinality($21::integer[]) = 0 THEN 0
                    ELSE ($21::integer[])[1 + (SELECT count(*) FROM unnest($20::integer[]) AS share (share_end)
                                              WHERE share.share_end <=
                                                    ('x' || substr(md5($19::text || '/' || a.recipient_number), 9, 8))::bit(32)::bigint
                                                    % 1000)]
               END AS variant,
               CASE WHEN $24::timestamptz = '-infinity' THEN NULL
                    ELSE coalesce((SELECT z.release
                                   FROM recipients r JOIN unnest($22::text[], $23::timestamptz[]) AS z (zone, release) ON z.zone = r.time_zone
                                   WHERE r.number = a.recipient_number), $24::timestamptz) END AS retry_time,
               coalesce(e.limited, false) AS limited,
               CASE WHEN a.standing >= 64000192 THEN 'UNSUBSCRIBED'
                    WHEN a.standing >= 64000128 THEN 'NOT_ENTITLED'
                    WHEN a.standing >= 64000064 THEN 'DIGESTED'
                    WHEN a.standing >= 64000000 THEN 'NO_CHANNEL'
                    WHEN e.number IS NULL AND a.standing & 1 = 1 THEN 'INVALID_ADDRESS'
                    WHEN e.number IS NULL THEN 'NO_CHANNEL'
                    WHEN e.suppressed THEN 'SUPPRESSED'
                    WHEN e.shares_address
                         AND EXISTS (SELECT 1
                                     FROM endpoints twin
                                     WHERE twin.address_hash = (SELECT address_hash FROM endpoints WHERE number = e.number)
                                       AND twin.recipient_number < a.recipient_number
                                       AND (EXISTS (SELECT 1 FROM deliveries d
                                                    WHERE d.message_number = $1::bigint AND d.endpoint_number = twin.number)
                                            OR EXISTS (SELECT 1
                                                       FROM audience same_slice
                                                       WHERE same_slice.recipient_number = twin.recipient_number
                                                         AND same_slice.standing < 64000000)))
                         THEN 'DUPLICATE_ADDRESS'
               END::exclusion_reason AS reason
        FROM audience a
        LEFT JOIN endpoints e
               ON e.recipient_number = a.recipient_number AND e.recipient_number > $3::bigint AND e.recipient_number <= $4::bigint
              AND e.channel = ANY ($9::channel[]) AND e.state = 'ACTIVE'
              AND a.standing & CASE e.channel WHEN 'EMAIL' THEN 1 WHEN 'WEB_PUSH' THEN 2 WHEN 'MOBILE_PUSH' THEN 4
                                              WHEN 'SMS' THEN 8 WHEN 'WEBHOOK' THEN 16 ELSE 32 END <> 0
              AND a.standing < 64000000
    ))sql";

std::vector<std::string> ChannelNames(Channels channels) {
  std::vector<std::string> names;
  for (const Channels channel : Each(channels)) names.emplace_back(ChannelName(channel));
  return names;
}

}  // namespace

pqxx::result QueryJudged(db::Transaction& tx, const JudgeArguments& arguments, const std::string& rest) {
  std::string sql = "WITH best AS NOT MATERIALIZED (SELECT recipient_number, min(standing) AS standing FROM (";
  if (!arguments.audience.told_article.empty()) {
    absl::StrAppend(&sql, kToldBefore);
  } else if (arguments.audience.digest_time != absl::InfinitePast()) {
    absl::StrAppend(&sql, kWithStoriesDue);
  } else {
    for (size_t k = 1; k <= std::max<size_t>(arguments.topics.size(), 1); ++k) {
      absl::StrAppend(&sql, k > 1 ? " UNION ALL " : "", FollowersOf(static_cast<int>(k)));
    }
  }
  absl::StrAppend(&sql, kAudience, kJudged, rest);
  const Audience& audience = arguments.audience;
  db::Parameters parameters;
  parameters.Add(arguments.message_number);                         // $1
  parameters.Add(db::Int64Array(arguments.topics));                 // $2
  parameters.Add(arguments.after_recipient);                        // $3
  parameters.Add(arguments.last_recipient);                         // $4
  parameters.Add(arguments.frozen_time);                            // $5
  parameters.Add(arguments.last_seq);                               // $6
  parameters.Add(db::TextArray(arguments.required_entitlements));   // $7
  parameters.Add(static_cast<int64_t>(arguments.channels));         // $8
  parameters.Add(db::TextArray(ChannelNames(arguments.channels)));  // $9
  parameters.Add(arguments.digestible);                             // $10
  parameters.Add(db::Int64Array(arguments.all_topics));             // $11
  parameters.Add(db::Int64Array(arguments.not_topics));             // $12
  parameters.Add(db::TextArray(audience.tiers));                    // $13
  parameters.Add(db::TextArray(audience.not_tiers));                // $14
  parameters.Add(db::TextArray(audience.languages));                // $15
  parameters.Add(audience.told_article);                            // $16
  parameters.Add(static_cast<int64_t>(audience.first_bucket));      // $17
  parameters.Add(static_cast<int64_t>(audience.end_bucket));        // $18
  parameters.Add(arguments.salt);                                   // $19
  parameters.Add(db::Int64Array(arguments.variant_ends));           // $20
  parameters.Add(db::Int64Array(arguments.variants));               // $21
  parameters.Add(db::TextArray(arguments.zones));                   // $22
  parameters.Add(db::TimeArray(arguments.releases));                // $23
  parameters.Add(arguments.default_release);                        // $24
  parameters.Add(audience.digest_time);                             // $25
  return tx.QueryComposed(sql, parameters);
}

void JudgeLimited(db::Transaction& tx, const LimitedMessage& message, std::vector<LimitedCandidate>& candidates) {
  std::vector<int64_t> numbers;
  for (const LimitedCandidate& candidate : candidates) numbers.push_back(candidate.recipient_number);
  const absl::Time now = db::Now(tx);
  const std::map<int64_t, Preferences> chosen = LoadPreferences(tx, numbers);
  const std::map<int64_t, std::vector<Told>> told = LoadTold(tx, numbers, now - kMaxCapWindow, message.number);
  for (LimitedCandidate& candidate : candidates) {
    const auto preferences = chosen.find(candidate.recipient_number);
    if (preferences == chosen.end()) continue;
    const auto handed_over = told.find(candidate.recipient_number);
    if (preferences->second.Mutes(message.category)) {
      candidate.reason = "MUTED";
    } else if (handed_over != told.end() &&
               CapReached(now, message.category, preferences->second.caps, handed_over->second)) {
      candidate.reason = "CAP";
    } else {
      const std::optional<absl::Time> release =
          ReleaseTime(std::max(now, candidate.release.value_or(now)), ZoneOf(preferences->second.time_zone),
                      QuietHoursOf(preferences->second, message.lane));
      if (release) candidate.release = release;
      if (release && *release > message.expire_time) candidate.reason = "QUIET_HOURS_EXPIRED";
    }
  }
}

}  // namespace masthead::notifications
