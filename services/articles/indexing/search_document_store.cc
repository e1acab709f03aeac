#include "services/articles/indexing/search_document_store.h"

namespace masthead::articles {
namespace {

constexpr char kLoadShownNames[] = R"sql(
  SELECT display_name
  FROM tags
  WHERE id = ANY ($1::text[])
  UNION ALL
  SELECT display_name
  FROM contributors
  WHERE id = ANY ($2::text[]))sql";

// Waits for a publication under way, and then finds its revision, or none.
constexpr char kPutSearchDocument[] = R"sql(
  INSERT INTO search_documents (article_id, revision, analysis, language_code, publish_time, words)
  SELECT p.article_id, p.revision, $3, p.language_code, p.publish_time, $4::tsvector
  FROM published_articles p
  WHERE p.article_id = $1 AND p.revision = $2
  FOR SHARE
  ON CONFLICT (article_id) DO UPDATE
  SET revision = excluded.revision, analysis = excluded.analysis, publish_time = excluded.publish_time, words = excluded.words)sql";

constexpr char kLoadUnindexed[] = R"sql(
  SELECT p.article_id, p.revision, p.language_code
  FROM published_articles p
  LEFT JOIN search_documents d ON d.article_id = p.article_id
  WHERE p.article_id > $1
    AND (d.article_id IS NULL OR d.revision <> p.revision OR d.analysis < $2)
  ORDER BY p.article_id
  LIMIT $3)sql";

}  // namespace

std::vector<std::string> LoadShownNames(db::Transaction& tx, const std::vector<std::string>& tag_ids,
                                        const std::vector<std::string>& contributor_ids) {
  std::vector<std::string> names;
  const pqxx::result rows = tx.Query(kLoadShownNames, db::TextArray(tag_ids), db::TextArray(contributor_ids));
  for (const pqxx::row& row : rows) names.push_back(row[0].as<std::string>());
  return names;
}

void PutSearchDocument(db::Transaction& tx, const std::string& article_id, int64_t revision, int analysis,
                       const std::string& document) {
  tx.Query(kPutSearchDocument, article_id, revision, analysis, document);
}

std::vector<Unindexed> LoadUnindexed(db::Transaction& tx, const std::string& after, int analysis, int limit) {
  std::vector<Unindexed> unindexed;
  const pqxx::result rows = tx.Query(kLoadUnindexed, after, analysis, limit);
  for (const pqxx::row& row : rows) {
    unindexed.push_back({row[0].as<std::string>(), row[1].as<int64_t>(), row[2].as<std::string>()});
  }
  return unindexed;
}

}  // namespace masthead::articles
