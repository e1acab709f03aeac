#include "services/articles/article/labels_store.h"

#include <vector>

#include "nlohmann/json.hpp"

namespace masthead::articles {
namespace {

constexpr char kSaveLabels[] = R"sql(
  UPDATE articles
  SET legal_hold = $2, labels = $3::jsonb, alt_ids = $4::jsonb
  WHERE id = $1)sql";

constexpr char kReleaseAltIds[] = R"sql(
  DELETE FROM article_alt_ids
  WHERE article_id = $1
    AND (scheme, value) NOT IN (SELECT * FROM unnest($2::text[], $3::text[])))sql";

// In one order, so that two articles with the same IDs wait for one another rather than in a circle.
constexpr char kClaimAltIds[] = R"sql(
  INSERT INTO article_alt_ids (scheme, value, article_id)
  SELECT scheme, value, $1
  FROM unnest($2::text[], $3::text[]) AS sent (scheme, value)
  ORDER BY scheme, value
  ON CONFLICT DO NOTHING)sql";

constexpr char kLoadHolders[] = R"sql(
  SELECT scheme, value, article_id
  FROM article_alt_ids
  JOIN unnest($1::text[], $2::text[]) AS sent (scheme, value) USING (scheme, value)
  ORDER BY scheme, value)sql";

constexpr char kRemoveAltIds[] = R"sql(
  DELETE FROM article_alt_ids
  WHERE article_id = $1)sql";

constexpr char kRemoveLabels[] = R"sql(
  UPDATE articles
  SET labels = '{}', alt_ids = '{}'
  WHERE id = $1)sql";

constexpr char kFindByAltId[] = R"sql(
  SELECT article_id
  FROM article_alt_ids
  WHERE scheme = $1 AND value = $2)sql";

std::string ToJson(const std::map<std::string, std::string>& labels) { return nlohmann::json(labels).dump(); }

std::optional<AltIdHolder> ClaimAltIds(db::Transaction& tx, const Article& article) {
  std::vector<std::string> schemes;
  std::vector<std::string> values;
  for (const auto& [scheme, value] : article.alt_ids) {
    schemes.push_back(scheme);
    values.push_back(value);
  }
  tx.Query(kReleaseAltIds, article.id, db::TextArray(schemes), db::TextArray(values));
  // A holder may vanish between the two statements; then its ID is claimed again.
  for (;;) {
    if (schemes.empty()) return std::nullopt;
    tx.Query(kClaimAltIds, article.id, db::TextArray(schemes), db::TextArray(values));
    const pqxx::result holders = tx.Query(kLoadHolders, db::TextArray(schemes), db::TextArray(values));
    for (const pqxx::row& row : holders) {
      AltIdHolder holder = {row[0].as<std::string>(), row[1].as<std::string>(), row[2].as<std::string>()};
      if (holder.article_id != article.id) return holder;
    }
    if (holders.size() == schemes.size()) return std::nullopt;
  }
}

}  // namespace

std::optional<AltIdHolder> SaveLabels(db::Transaction& tx, const Article& article) {
  std::optional<AltIdHolder> holder = ClaimAltIds(tx, article);
  if (holder.has_value()) return holder;
  tx.Query(kSaveLabels, article.id, article.legal_hold, ToJson(article.labels), ToJson(article.alt_ids));
  return std::nullopt;
}

void RemoveLabels(db::Transaction& tx, const std::string& article_id) {
  tx.Query(kRemoveAltIds, article_id);
  tx.Query(kRemoveLabels, article_id);
}

std::optional<std::string> FindByAltId(db::Transaction& tx, const std::string& scheme, const std::string& value) {
  const pqxx::result rows = tx.Query(kFindByAltId, scheme, value);
  if (rows.empty()) return std::nullopt;
  return rows[0][0].as<std::string>();
}

std::map<std::string, std::string> LabelsFromJson(const std::string& json) {
  return nlohmann::json::parse(json).get<std::map<std::string, std::string>>();
}

}  // namespace masthead::articles
