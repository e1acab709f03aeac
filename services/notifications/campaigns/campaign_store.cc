#include "services/notifications/campaigns/campaign_store.h"

#include <map>
#include <utility>

#include "nlohmann/json.hpp"
#include "services/notifications/messages/message_store.h"
#include "services/notifications/messages/values_json.h"

namespace masthead::notifications {
namespace {

using nlohmann::json;

constexpr char kInsertCampaign[] = R"sql(
    INSERT INTO campaigns (id, title, headline, dek, byline, url, contact_address, articles, template, template_revision, template_values,
                           topics, all_topics, not_topics, tiers, not_tiers, languages, channels, local_minute, rate_per_minute,
                           expiry_seconds, variants, sample_per_mille, route, metric,
                           decide_after_seconds)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26)
    ON CONFLICT (id) DO NOTHING
    RETURNING number, create_time, update_time
)sql";

constexpr char kSaveCampaign[] = R"sql(
    UPDATE campaigns
    SET title = $2, headline = $3, dek = $4, byline = $5, url = $6, contact_address = $7, articles = $8, template = $9,
        template_revision = $10, template_values = $11, topics = $12, all_topics = $13, not_topics = $14, tiers = $15, not_tiers = $16,
        languages = $17, channels = $18, local_minute = $19, rate_per_minute = $20, expiry_seconds = $21, variants = $22,
        sample_per_mille = $23, route = $24, metric = $25, decide_after_seconds = $26, state = $27, start_time = $28,
        latest_start_time = $29, failure = $30, decide_time = $31, revision = revision + 1, update_time = db_now()
    WHERE id = $1
    RETURNING revision, update_time
)sql";

constexpr char kLoadCampaign[] = "SELECT * FROM campaigns WHERE id = $1";

constexpr char kLockCampaign[] = "SELECT * FROM campaigns WHERE id = $1 FOR UPDATE";

constexpr char kLoadCampaigns[] = R"sql(
    SELECT * FROM campaigns WHERE $1::bigint = 0 OR number < $1::bigint ORDER BY number DESC LIMIT $2
)sql";

constexpr char kLoadDueCampaigns[] = R"sql(
    SELECT id FROM campaigns WHERE state = 'SCHEDULED' AND start_time <= db_now() ORDER BY start_time, number LIMIT $1
)sql";

constexpr char kLoadCampaignsToDecide[] = R"sql(
    SELECT id FROM campaigns WHERE state = 'STARTED' AND decide_time <= db_now() ORDER BY decide_time, number LIMIT $1
)sql";

constexpr char kPostponeDecision[] = R"sql(
    UPDATE campaigns SET decide_time = db_now() + $2::interval WHERE id = $1
)sql";

constexpr char kLoadVariantResults[] = R"sql(
    SELECT d.variant, d.sent, CASE $2 WHEN 'OPENS' THEN coalesce(e.opens, 0) ELSE coalesce(e.clicks, 0) END AS counted
    FROM (SELECT variant, count(*) FILTER (WHERE state IN ('SENT', 'DELIVERED')) AS sent
          FROM deliveries
          WHERE message_number = $1
          GROUP BY variant) d
    LEFT JOIN engagement_counts e ON e.message_number = $1 AND e.variant = d.variant
)sql";

constexpr char kRemoveCampaign[] = "DELETE FROM campaigns WHERE id = $1";

std::string VariantsToJson(const std::vector<CampaignVariant>& variants) {
  json array = json::array();
  for (const CampaignVariant& variant : variants) {
    json object = {{"values", variant.values}, {"weight", variant.weight}};
    if (variant.letter) {
      object["template"] = variant.letter->id;
      object["revision"] = variant.letter->revision;
    }
    array.push_back(std::move(object));
  }
  return array.dump();
}

std::vector<CampaignVariant> VariantsFromJson(const char* text) {
  std::vector<CampaignVariant> variants;
  const json array = json::parse(text);
  for (const json& object : array) {
    CampaignVariant variant = {.letter = std::nullopt,
                               .values = object.at("values").get<std::map<std::string, std::string>>(),
                               .weight = object.at("weight").get<int>()};
    if (object.contains("template")) {
      variant.letter = {.id = object["template"].get<std::string>(), .revision = object.at("revision").get<int>()};
    }
    variants.push_back(std::move(variant));
  }
  return variants;
}

Campaign FromRow(const pqxx::row& row) {
  return {.number = row["number"].as<int64_t>(),
          .id = row["id"].as<std::string>(),
          .title = row["title"].as<std::string>(),
          .text = {.article = "",
                   .headline = row["headline"].as<std::string>(),
                   .dek = row["dek"].as<std::string>(),
                   .byline = row["byline"].as<std::string>(),
                   .url = row["url"].as<std::string>(),
                   .contact_address = row["contact_address"].as<std::string>(),
                   .language_code = ""},
          .articles = db::ReadTextArray(row["articles"]),
          .letter = {.id = row["template"].as<std::string>(), .revision = row["template_revision"].as<int>()},
          .values = ValuesFromJson(row["template_values"].as<std::string>()),
          .topics = db::ReadTextArray(row["topics"]),
          .audience = {.all_topics = db::ReadTextArray(row["all_topics"]),
                       .not_topics = db::ReadTextArray(row["not_topics"]),
                       .tiers = db::ReadTextArray(row["tiers"]),
                       .not_tiers = db::ReadTextArray(row["not_tiers"]),
                       .languages = db::ReadTextArray(row["languages"]),
                       .told_article = "",
                       .local_minute = row["local_minute"].as<int>()},
          .channels = row["channels"].as<Channels>(),
          .rate_per_minute = row["rate_per_minute"].as<int>(),
          .route = row["route"].as<std::string>(),
          .expiry = absl::Seconds(row["expiry_seconds"].as<int64_t>()),
          .variants = VariantsFromJson(row["variants"].c_str()),
          .sample_per_mille = row["sample_per_mille"].as<int>(),
          .metric = row["metric"].as<std::string>(),
          .decide_after = absl::Seconds(row["decide_after_seconds"].as<int64_t>()),
          .decide_time = row["decide_time"].as<std::optional<absl::Time>>(),
          .state = row["state"].as<std::string>(),
          .start_time = row["start_time"].as<std::optional<absl::Time>>(),
          .latest_start_time = row["latest_start_time"].as<std::optional<absl::Time>>(),
          .failure = row["failure"].as<std::string>(),
          .revision = row["revision"].as<int64_t>(),
          .create_time = row["create_time"].as<absl::Time>(),
          .update_time = row["update_time"].as<absl::Time>(),
          .messages = {}};
}

std::vector<Campaign> FromRows(db::Transaction& tx, const pqxx::result& rows) {
  std::vector<Campaign> campaigns;
  std::vector<std::string> ids;
  for (const pqxx::row& row : rows) {
    campaigns.push_back(FromRow(row));
    ids.push_back(campaigns.back().id);
  }
  if (ids.empty()) return campaigns;
  std::map<std::string, std::vector<Message>> messages;
  for (Message& message : LoadMessagesOfCampaigns(tx, ids)) messages[message.campaign].push_back(std::move(message));
  for (Campaign& campaign : campaigns) campaign.messages = std::move(messages[campaign.id]);
  return campaigns;
}

std::optional<Campaign> FirstOf(std::vector<Campaign> campaigns) {
  if (campaigns.empty()) return std::nullopt;
  return std::move(campaigns.front());
}

}  // namespace

bool InsertCampaign(db::Transaction& tx, Campaign& campaign) {
  const AlertText& text = campaign.text;
  const Audience& audience = campaign.audience;
  const pqxx::result rows =
      tx.Query(kInsertCampaign, campaign.id, campaign.title, text.headline, text.dek, text.byline, text.url,
               text.contact_address, db::TextArray(campaign.articles), campaign.letter.id, campaign.letter.revision,
               ValuesToJson(campaign.values), db::TextArray(campaign.topics), db::TextArray(audience.all_topics),
               db::TextArray(audience.not_topics), db::TextArray(audience.tiers), db::TextArray(audience.not_tiers),
               db::TextArray(audience.languages), campaign.channels, audience.local_minute, campaign.rate_per_minute,
               absl::ToInt64Seconds(campaign.expiry), VariantsToJson(campaign.variants), campaign.sample_per_mille,
               campaign.route, campaign.metric, absl::ToInt64Seconds(campaign.decide_after));
  if (rows.empty()) return false;
  campaign.number = rows[0]["number"].as<int64_t>();
  campaign.create_time = rows[0]["create_time"].as<absl::Time>();
  campaign.update_time = rows[0]["update_time"].as<absl::Time>();
  return true;
}

std::optional<Campaign> LoadCampaign(db::Transaction& tx, absl::string_view id) {
  return FirstOf(FromRows(tx, tx.Query(kLoadCampaign, id)));
}

std::optional<Campaign> LockCampaign(db::Transaction& tx, absl::string_view id) {
  return FirstOf(FromRows(tx, tx.Query(kLockCampaign, id)));
}

std::vector<Campaign> LoadCampaigns(db::Transaction& tx, int64_t before, int limit) {
  return FromRows(tx, tx.Query(kLoadCampaigns, before, limit));
}

std::vector<std::string> LoadDueCampaigns(db::Transaction& tx, int limit) {
  std::vector<std::string> ids;
  for (const pqxx::row& row : tx.Query(kLoadDueCampaigns, limit)) ids.push_back(row[0].as<std::string>());
  return ids;
}

std::vector<std::string> LoadCampaignsToDecide(db::Transaction& tx, int limit) {
  std::vector<std::string> ids;
  for (const pqxx::row& row : tx.Query(kLoadCampaignsToDecide, limit)) ids.push_back(row[0].as<std::string>());
  return ids;
}

void PostponeDecision(db::Transaction& tx, absl::string_view id, absl::Duration by) {
  tx.Query(kPostponeDecision, id, by);
}

std::vector<VariantResult> LoadVariantResults(db::Transaction& tx, const Campaign& campaign) {
  std::vector<VariantResult> results(campaign.variants.size());
  for (const pqxx::row& row : tx.Query(kLoadVariantResults, campaign.messages.front().number, campaign.metric)) {
    results.at(row["variant"].as<size_t>()) = {.sent = row["sent"].as<int64_t>(),
                                               .counted = row["counted"].as<int64_t>()};
  }
  return results;
}

void SaveCampaign(db::Transaction& tx, Campaign& campaign) {
  const AlertText& text = campaign.text;
  const Audience& audience = campaign.audience;
  const pqxx::row row =
      tx.Query(kSaveCampaign, campaign.id, campaign.title, text.headline, text.dek, text.byline, text.url,
               text.contact_address, db::TextArray(campaign.articles), campaign.letter.id, campaign.letter.revision,
               ValuesToJson(campaign.values), db::TextArray(campaign.topics), db::TextArray(audience.all_topics),
               db::TextArray(audience.not_topics), db::TextArray(audience.tiers), db::TextArray(audience.not_tiers),
               db::TextArray(audience.languages), campaign.channels, audience.local_minute, campaign.rate_per_minute,
               absl::ToInt64Seconds(campaign.expiry), VariantsToJson(campaign.variants), campaign.sample_per_mille,
               campaign.route, campaign.metric, absl::ToInt64Seconds(campaign.decide_after), campaign.state,
               campaign.start_time, campaign.latest_start_time, campaign.failure, campaign.decide_time)[0];
  campaign.revision = row["revision"].as<int64_t>();
  campaign.update_time = row["update_time"].as<absl::Time>();
}

void RemoveCampaign(db::Transaction& tx, const Campaign& campaign) { tx.Query(kRemoveCampaign, campaign.id); }

}  // namespace masthead::notifications
