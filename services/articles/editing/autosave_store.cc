#include "services/articles/editing/autosave_store.h"

#include <string>

namespace masthead::articles {
namespace {

constexpr char kLoadTip[] = R"sql(
  SELECT editor, create_time, autosaved,
    EXISTS (
      SELECT 1
      FROM preview_links l
      WHERE l.article_id = r.article_id
        AND l.revision = r.revision
        AND l.revoke_time IS NULL
        AND l.expire_time > db_now())
    OR EXISTS (
      SELECT 1
      FROM article_translations t
      JOIN working_copies c ON c.id = t.article_id
      WHERE t.source_id = r.article_id
        AND (c.head->>'source_revision')::bigint = r.revision) AS linked
  FROM article_revisions r
  WHERE article_id = $1 AND revision = $2)sql";

}  // namespace

Tip LoadTip(db::Transaction& tx, const Article& article) {
  const pqxx::result rows = tx.Query(kLoadTip, article.id, article.revision);
  const pqxx::row row = rows.at(0);
  return {.editor = row["editor"].as<std::string>(),
          .create_time = row["create_time"].as<absl::Time>(),
          .autosaved = row["autosaved"].as<bool>(),
          .linked = row["linked"].as<bool>()};
}

}  // namespace masthead::articles
