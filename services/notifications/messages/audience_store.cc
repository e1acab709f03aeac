#include "services/notifications/messages/audience_store.h"

#include "services/notifications/messages/values_json.h"

namespace masthead::notifications {
namespace {

constexpr char kInsertAudience[] = R"sql(
    INSERT INTO audiences (message_number, all_topics, not_topics, tiers, not_tiers, languages, told_article, local_minute, first_bucket,
                           end_bucket)
    VALUES ($1, ARRAY(SELECT number FROM topics WHERE id = ANY ($2::text[])), ARRAY(SELECT number FROM topics WHERE id = ANY ($3::text[])),
            $4, $5, $6, $7, $8, $9, $10)
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

}  // namespace

void InsertAudience(db::Transaction& tx, int64_t message_number, const Audience& audience) {
  tx.Query(kInsertAudience, message_number, db::TextArray(audience.all_topics), db::TextArray(audience.not_topics),
           db::TextArray(audience.tiers), db::TextArray(audience.not_tiers), db::TextArray(audience.languages),
           audience.told_article, audience.local_minute, audience.first_bucket, audience.end_bucket);
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

}  // namespace masthead::notifications
