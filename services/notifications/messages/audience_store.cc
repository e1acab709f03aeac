#include "services/notifications/messages/audience_store.h"

#include "common/db/now.h"
#include "services/notifications/messages/judge_store.h"
#include "services/notifications/messages/values_json.h"

namespace masthead::notifications {
namespace {

constexpr char kInsertAudience[] = R"sql(
    INSERT INTO audiences (message_number, all_topics, not_topics, tiers, not_tiers, languages, told_article, local_minute, first_bucket,
                           end_bucket, digest_time)
    VALUES ($1, ARRAY(SELECT number FROM topics WHERE id = ANY ($2::text[])), ARRAY(SELECT number FROM topics WHERE id = ANY ($3::text[])),
            $4, $5, $6, $7, $8, $9, $10, $11)
)sql";

constexpr char kInsertVariant[] = R"sql(
    INSERT INTO message_variants (message_number, variant, weight, template, template_revision, template_values)
    VALUES ($1, $2, $3, $4, $5, $6)
)sql";

constexpr char kLoadVariants[] = R"sql(
    SELECT variant, weight, template, template_revision, template_values
    FROM message_variants
    WHERE message_number = $1
    ORDER BY variant
)sql";

constexpr char kHasFollowers[] = R"sql(
    SELECT EXISTS (SELECT 1 FROM subscriptions WHERE topic_number = ANY ($1::integer[]) AND state = 'ACTIVE')
)sql";

constexpr char kNumbers[] = R"sql(
    SELECT ARRAY(SELECT number FROM topics WHERE id = ANY ($1::text[])) AS all_topics,
           ARRAY(SELECT number FROM topics WHERE id = ANY ($2::text[])) AS not_topics,
           coalesce((SELECT max(number) FROM recipients), 0) AS last_recipient
)sql";

// Those who limit what they are told one by one, the rest by reason.
constexpr char kEstimate[] = R"sql(
    SELECT coalesce(reason::text, '') AS reason, 0::bigint AS limited_recipient, count(*) AS candidates
    FROM judged
    WHERE reason IS NOT NULL OR NOT limited
    GROUP BY reason
    UNION ALL
    SELECT '', recipient_number, 1 FROM judged WHERE reason IS NULL AND limited
)sql";

// A plan for the values that are asked about, as the fan-out's.
constexpr char kMemory[] = "SELECT set_config('work_mem', '32MB', true)";

}  // namespace

void InsertAudience(db::Transaction& tx, int64_t message_number, const Audience& audience) {
  tx.Query(kInsertAudience, message_number, db::TextArray(audience.all_topics), db::TextArray(audience.not_topics),
           db::TextArray(audience.tiers), db::TextArray(audience.not_tiers), db::TextArray(audience.languages),
           audience.told_article, audience.local_minute, audience.first_bucket, audience.end_bucket,
           audience.digest_time);
}

void InsertVariants(db::Transaction& tx, int64_t message_number, absl::Span<const Variant> variants) {
  for (const Variant& variant : variants) {
    tx.Query(kInsertVariant, message_number, variant.number, variant.per_mille, variant.template_id,
             variant.template_revision, ValuesToJson(variant.values));
  }
}

std::vector<Variant> LoadVariants(db::Transaction& tx, int64_t message_number) {
  std::vector<Variant> variants;
  for (const pqxx::row& row : tx.Query(kLoadVariants, message_number)) {
    variants.push_back({.number = row["variant"].as<int>(),
                        .per_mille = row["weight"].as<int>(),
                        .template_id = row["template"].as<std::string>(),
                        .template_revision = row["template_revision"].as<int>(),
                        .values = ValuesFromJson(row["template_values"].as<std::string>())});
  }
  return variants;
}

bool HasFollowers(db::Transaction& tx, absl::Span<const Topic> topics) {
  std::vector<int64_t> numbers;
  for (const Topic& topic : topics) numbers.push_back(topic.number);
  return tx.Query(kHasFollowers, db::Int64Array(numbers))[0][0].as<bool>();
}

AudienceEstimate EstimateAudience(db::Transaction& tx, absl::Span<const Topic> topics, const Audience& audience,
                                  Channels channels, const std::string& category) {
  const pqxx::row numbers =
      tx.Query(kNumbers, db::TextArray(audience.all_topics), db::TextArray(audience.not_topics))[0];
  JudgeArguments arguments = {.last_recipient = numbers["last_recipient"].as<int64_t>(),
                              .frozen_time = db::Now(tx),
                              .channels = channels,
                              .digestible = category == "ALERT",
                              .audience = audience,
                              .all_topics = db::ReadInt64Array(numbers["all_topics"]),
                              .not_topics = db::ReadInt64Array(numbers["not_topics"])};
  for (const Topic& topic : topics) {
    arguments.topics.push_back(topic.number);
    arguments.required_entitlements.push_back(topic.required_entitlement);
  }
  tx.Query(kMemory);
  AudienceEstimate estimate;
  std::vector<LimitedCandidate> limited;
  const auto count = [&](const std::string& reason, int64_t candidates) {
    estimate.candidates += candidates;
    (reason.empty() ? estimate.deliveries : estimate.exclusions[reason]) += candidates;
  };
  for (const pqxx::row& row : QueryJudged(tx, arguments, kEstimate)) {
    const auto recipient = row["limited_recipient"].as<int64_t>();
    if (recipient != 0) {
      limited.push_back({.recipient_number = recipient});
    } else {
      count(row["reason"].as<std::string>(), row["candidates"].as<int64_t>());
    }
  }
  if (!limited.empty()) {
    JudgeLimited(tx, {.category = category, .expire_time = absl::InfiniteFuture()}, limited);
  }
  for (const LimitedCandidate& candidate : limited) count(candidate.reason, 1);
  return estimate;
}

}  // namespace masthead::notifications
