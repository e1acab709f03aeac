#include "services/articles/article/translation_store.h"

namespace masthead::articles {
namespace {

constexpr char kLoad[] = R"sql(
  SELECT t.set_id, t.language_code, t.article_id, t.source_id, a.revision, a.published_revision,
         EXISTS (SELECT FROM published_articles p WHERE p.article_id = a.id) AS is_public
  FROM article_translations t
  JOIN articles a ON a.id = t.article_id
  WHERE t.set_id = ANY ($1::text[]) AND (a.delete_time IS NULL OR a.id = ANY ($2::text[]))
  ORDER BY t.language_code)sql";

constexpr char kLoadPublic[] = R"sql(
  SELECT t.set_id, t.language_code, t.article_id, a.published_slug
  FROM article_translations t
  JOIN published_articles p ON p.article_id = t.article_id
  JOIN articles a ON a.id = t.article_id
  WHERE t.set_id = ANY ($1::text[])
  ORDER BY t.language_code)sql";

constexpr char kEvictDeleted[] = R"sql(
  WITH evicted AS (
    DELETE FROM article_translations t
    USING articles a
    WHERE t.set_id = $1 AND t.language_code = $2 AND a.id = t.article_id AND a.delete_time IS NOT NULL
    RETURNING t.article_id
  )
  UPDATE articles
  SET translation_set = NULL
  WHERE id IN (SELECT article_id FROM evicted))sql";

constexpr char kJoin[] = R"sql(
  INSERT INTO article_translations (set_id, language_code, article_id, source_id)
  VALUES ($1, $2, $3, (SELECT id FROM articles WHERE id = $4))
  ON CONFLICT (set_id, language_code) DO UPDATE
  SET source_id = excluded.source_id
  WHERE article_translations.article_id = excluded.article_id)sql";

constexpr char kFindHolder[] = R"sql(
  SELECT article_id
  FROM article_translations
  WHERE set_id = $1 AND language_code = $2)sql";

constexpr char kSetSet[] = R"sql(
  UPDATE articles
  SET translation_set = $2
  WHERE id = $1)sql";

constexpr char kSetSource[] = R"sql(
  UPDATE article_translations
  SET source_id = $2
  WHERE set_id = $1 AND article_id = ANY ($3::text[]))sql";

constexpr char kOrphan[] = R"sql(
  UPDATE article_translations
  SET source_id = NULL
  WHERE source_id = $1)sql";

constexpr char kLeave[] = R"sql(
  DELETE FROM article_translations
  WHERE article_id = $1)sql";

constexpr char kClearSet[] = R"sql(
  UPDATE articles
  SET translation_set = NULL
  WHERE id = $1 AND translation_set IS NOT NULL)sql";

}  // namespace

void LoadTranslations(db::Transaction& tx, absl::Span<Article> articles) {
  std::vector<std::string> set_ids;
  std::vector<std::string> article_ids;
  for (const Article& article : articles) {
    if (article.translation_set_id.empty()) continue;
    set_ids.push_back(article.translation_set_id);
    article_ids.push_back(article.id);
  }
  if (set_ids.empty()) return;
  const pqxx::result rows = tx.Query(kLoad, db::TextArray(set_ids), db::TextArray(article_ids));
  for (const pqxx::row& row : rows) {
    const Translation translation = {.language_code = row["language_code"].as<std::string>(),
                                     .article_id = row["article_id"].as<std::string>(),
                                     .source_id = row["source_id"].as<std::string>(""),
                                     .revision = row["revision"].as<int64_t>(),
                                     .published_revision = row["published_revision"].as<int64_t>(),
                                     .is_public = row["is_public"].as<bool>()};
    for (Article& article : articles) {
      if (article.translation_set_id != row["set_id"].as<std::string>()) continue;
      if (article.id == translation.article_id) {
        article.translation_of_id = translation.source_id;
      } else {
        article.translations.push_back(translation);
      }
    }
  }
}

std::map<std::string, std::vector<PublicTranslation>> LoadPublicTranslations(db::Transaction& tx,
                                                                             const std::vector<std::string>& set_ids) {
  std::map<std::string, std::vector<PublicTranslation>> sets;
  if (set_ids.empty()) return sets;
  const pqxx::result rows = tx.Query(kLoadPublic, db::TextArray(set_ids));
  for (const pqxx::row& row : rows) {
    sets[row[0].as<std::string>()].push_back(
        {row[1].as<std::string>(), row[2].as<std::string>(), row[3].as<std::string>()});
  }
  return sets;
}

std::optional<std::string> JoinTranslationSet(db::Transaction& tx, const Article& article, const std::string& set_id,
                                              const std::string& source_id) {
  tx.Query(kEvictDeleted, set_id, article.language_code);
  const pqxx::result joined = tx.Query(kJoin, set_id, article.language_code, article.id, source_id);
  if (joined.affected_rows() == 0)
    return tx.Query(kFindHolder, set_id, article.language_code).at(0)[0].as<std::string>();
  tx.Query(kSetSet, article.id, set_id);
  return std::nullopt;
}

void SetTranslatedInto(db::Transaction& tx, const Article& article, const std::vector<std::string>& translation_ids) {
  tx.Query(kSetSource, article.translation_set_id, article.id, db::TextArray(translation_ids));
}

void LeaveTranslationSet(db::Transaction& tx, const std::string& article_id) {
  tx.Query(kOrphan, article_id);
  tx.Query(kLeave, article_id);
  tx.Query(kClearSet, article_id);
}

}  // namespace masthead::articles
