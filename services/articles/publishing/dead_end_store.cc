#include "services/articles/publishing/dead_end_store.h"

#include <set>
#include <string>

namespace masthead::articles {
namespace {

constexpr char kFindArticles[] = R"sql(
  SELECT id
  FROM articles
  WHERE id = ANY ($1::text[]) AND delete_time IS NULL)sql";

constexpr char kFindLiveCoverages[] = R"sql(
  SELECT id
  FROM live_coverages
  WHERE id = ANY ($1::text[]))sql";

// Those of `references` whose ID `find` does not find.
std::vector<BlockReference> Dead(db::Transaction& tx, const char* find, const std::vector<BlockReference>& references) {
  if (references.empty()) return {};
  std::vector<std::string> ids;
  for (const BlockReference& reference : references) ids.push_back(reference.id);
  std::set<std::string> found;
  const pqxx::result rows = tx.Query(find, db::TextArray(ids));
  for (const pqxx::row& row : rows) found.insert(row[0].as<std::string>());
  std::vector<BlockReference> dead;
  for (const BlockReference& reference : references) {
    if (found.count(reference.id) == 0) dead.push_back(reference);
  }
  return dead;
}

}  // namespace

DeadEnds FindDeadEnds(db::Transaction& tx, const std::vector<Block>& body) {
  const BlockReferences references = ReferencesOf("article.body", body);
  return {.articles = Dead(tx, kFindArticles, references.articles),
          .live_coverages = Dead(tx, kFindLiveCoverages, references.live_coverages)};
}

}  // namespace masthead::articles
