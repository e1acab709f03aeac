#include "services/memberships/support/campaign_store.h"

#include <utility>

namespace masthead::memberships {
namespace {

constexpr char kInsertCampaign[] = R"sql(
  INSERT INTO campaigns (id, display_name, text_locales, text_headlines, text_bodies, text_buttons, goal_currency,
                         goal_amount, goal_members, quote_text, quote_person, quote_title, quote_portrait_uri,
                         start_time, end_time, revision, create_time, update_time)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)
  ON CONFLICT DO NOTHING
)sql";

constexpr char kLoadCampaign[] = R"sql(
  SELECT * FROM campaigns WHERE id = $1
)sql";

constexpr char kLockCampaign[] = R"sql(
  SELECT * FROM campaigns WHERE id = $1 FOR UPDATE
)sql";

constexpr char kSaveCampaign[] = R"sql(
  UPDATE campaigns
  SET display_name = $2, text_locales = $3, text_headlines = $4, text_bodies = $5, text_buttons = $6,
      goal_currency = $7, goal_amount = $8, goal_members = $9, quote_text = $10, quote_person = $11, quote_title = $12,
      quote_portrait_uri = $13, start_time = $14, end_time = $15, revision = $16, update_time = $17
  WHERE id = $1
)sql";

constexpr char kLoadCampaigns[] = R"sql(
  SELECT * FROM campaigns
  WHERE (start_time, id) < (coalesce($1, 'infinity'::timestamptz), $2)
  ORDER BY start_time DESC, id DESC
  LIMIT $3
)sql";

constexpr char kLoadRunningCampaign[] = R"sql(
  SELECT * FROM campaigns
  WHERE start_time <= $1 AND (end_time IS NULL OR end_time > $1)
  ORDER BY start_time DESC, id DESC
  LIMIT 1
)sql";

// A subscription's first payment is what its first paid invoice kept.
constexpr char kLoadRaised[] = R"sql(
  SELECT campaign_id, currency, sum(amount)::bigint AS amount
  FROM (
    SELECT campaign_id, currency, amount FROM donations
    WHERE campaign_id = ANY ($1::text[]) AND take_back_time IS NULL
    UNION ALL
    SELECT attributions.campaign_id, first.currency, first.amount
    FROM attributions
    JOIN checkouts ON checkouts.id = attributions.subject_id AND checkouts.kind = 'SUBSCRIPTION'
    CROSS JOIN LATERAL (
      SELECT currency, paid - refunded AS amount FROM invoices
      WHERE invoices.subscription_id = checkouts.subscription_id AND paid > 0
      ORDER BY create_time, id
      LIMIT 1
    ) AS first
    WHERE attributions.kind = 'CHECKOUT' AND attributions.campaign_id = ANY ($1::text[])
  ) AS raised
  GROUP BY campaign_id, currency
  HAVING sum(amount) > 0
  ORDER BY campaign_id, currency
)sql";

constexpr char kCountGained[] = R"sql(
  SELECT campaign_id, count(*) AS members FROM attributions
  WHERE kind = 'SIGN_UP' AND campaign_id = ANY ($1::text[])
  GROUP BY campaign_id
)sql";

std::vector<CampaignText> ReadTexts(const pqxx::row& row) {
  const std::vector<std::string> locales = db::ReadTextArray(row["text_locales"]);
  const std::vector<std::string> headlines = db::ReadTextArray(row["text_headlines"]);
  const std::vector<std::string> bodies = db::ReadTextArray(row["text_bodies"]);
  const std::vector<std::string> buttons = db::ReadTextArray(row["text_buttons"]);
  std::vector<CampaignText> texts;
  for (size_t i = 0; i < locales.size(); ++i) {
    texts.push_back({.locale = locales[i], .headline = headlines[i], .body = bodies[i], .button = buttons[i]});
  }
  return texts;
}

std::optional<CampaignGoal> ReadGoal(const pqxx::row& row) {
  if (!row["goal_amount"].is_null()) {
    return CampaignGoal{.money = Money{row["goal_currency"].as<std::string>(), row["goal_amount"].as<int64_t>()}};
  }
  if (!row["goal_members"].is_null()) return CampaignGoal{.members = row["goal_members"].as<int64_t>()};
  return std::nullopt;
}

std::optional<CampaignQuote> ReadQuote(const pqxx::row& row) {
  CampaignQuote quote = {.text = row["quote_text"].as<std::string>(),
                         .person = row["quote_person"].as<std::string>(),
                         .title = row["quote_title"].as<std::string>(),
                         .portrait_uri = row["quote_portrait_uri"].as<std::string>()};
  if (quote.text.empty()) return std::nullopt;
  return quote;
}

Campaign FromRow(const pqxx::row& row) {
  return {.id = row["id"].as<std::string>(),
          .display_name = row["display_name"].as<std::string>(),
          .texts = ReadTexts(row),
          .goal = ReadGoal(row),
          .quote = ReadQuote(row),
          .start_time = row["start_time"].as<absl::Time>(),
          .end_time = row["end_time"].as<std::optional<absl::Time>>(),
          .revision = row["revision"].as<int64_t>(),
          .create_time = row["create_time"].as<absl::Time>(),
          .update_time = row["update_time"].as<absl::Time>()};
}

std::optional<Campaign> FirstRow(const pqxx::result& rows) {
  if (rows.empty()) return std::nullopt;
  return FromRow(rows.front());
}

// A campaign's texts and the rest as columns have them.
struct Columns {
  explicit Columns(const Campaign& campaign)
      : goal(campaign.goal.value_or(CampaignGoal())), quote(campaign.quote.value_or(CampaignQuote())) {
    for (const CampaignText& text : campaign.texts) {
      locales.push_back(text.locale);
      headlines.push_back(text.headline);
      bodies.push_back(text.body);
      buttons.push_back(text.button);
    }
    if (!goal.money) return;
    goal_currency = goal.money->currency;
    goal_amount = goal.money->amount;
  }

  CampaignGoal goal;
  CampaignQuote quote;
  std::vector<std::string> locales;
  std::vector<std::string> headlines;
  std::vector<std::string> bodies;
  std::vector<std::string> buttons;
  std::optional<std::string> goal_currency;
  std::optional<int64_t> goal_amount;
};

}  // namespace

bool InsertCampaign(db::Transaction& tx, const Campaign& campaign) {
  const Columns columns(campaign);
  return tx.Query(kInsertCampaign, campaign.id, campaign.display_name, db::TextArray(columns.locales),
                  db::TextArray(columns.headlines), db::TextArray(columns.bodies), db::TextArray(columns.buttons),
                  columns.goal_currency, columns.goal_amount, columns.goal.members, columns.quote.text,
                  columns.quote.person, columns.quote.title, columns.quote.portrait_uri, campaign.start_time,
                  campaign.end_time, campaign.revision, campaign.create_time, campaign.update_time)
             .affected_rows() == 1;
}

std::optional<Campaign> LoadCampaign(db::Transaction& tx, absl::string_view id) {
  return FirstRow(tx.Query(kLoadCampaign, id));
}

std::optional<Campaign> LockCampaign(db::Transaction& tx, absl::string_view id) {
  return FirstRow(tx.Query(kLockCampaign, id));
}

void SaveCampaign(db::Transaction& tx, Campaign& campaign) {
  ++campaign.revision;
  const Columns columns(campaign);
  tx.Query(kSaveCampaign, campaign.id, campaign.display_name, db::TextArray(columns.locales),
           db::TextArray(columns.headlines), db::TextArray(columns.bodies), db::TextArray(columns.buttons),
           columns.goal_currency, columns.goal_amount, columns.goal.members, columns.quote.text, columns.quote.person,
           columns.quote.title, columns.quote.portrait_uri, campaign.start_time, campaign.end_time, campaign.revision,
           campaign.update_time);
}

std::vector<Campaign> LoadCampaigns(db::Transaction& tx, const std::optional<CampaignCursor>& after, int limit) {
  std::optional<absl::Time> start_time;
  if (after) start_time = after->start_time;
  std::vector<Campaign> campaigns;
  for (const pqxx::row& row : tx.Query(kLoadCampaigns, start_time, after ? after->id : "", limit)) {
    campaigns.push_back(FromRow(row));
  }
  return campaigns;
}

std::optional<Campaign> LoadRunningCampaign(db::Transaction& tx, absl::Time now) {
  return FirstRow(tx.Query(kLoadRunningCampaign, now));
}

std::map<std::string, CampaignProgress> LoadProgress(db::Transaction& tx,
                                                     const std::vector<std::string>& campaign_ids) {
  std::map<std::string, CampaignProgress> progress;
  for (const std::string& id : campaign_ids) progress[id] = {};
  if (campaign_ids.empty()) return progress;
  for (const pqxx::row& row : tx.Query(kLoadRaised, db::TextArray(campaign_ids))) {
    progress[row["campaign_id"].as<std::string>()].raised.push_back(
        {row["currency"].as<std::string>(), row["amount"].as<int64_t>()});
  }
  for (const pqxx::row& row : tx.Query(kCountGained, db::TextArray(campaign_ids))) {
    progress[row["campaign_id"].as<std::string>()].members_gained = row["members"].as<int64_t>();
  }
  return progress;
}

}  // namespace masthead::memberships
