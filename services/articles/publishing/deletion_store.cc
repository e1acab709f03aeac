#include "services/articles/publishing/deletion_store.h"

#include <optional>
#include <utility>

#include "services/articles/article/article_store.h"
#include "services/articles/article/labels_store.h"
#include "services/articles/article/translation_store.h"
#include "services/articles/slugs/slug_store.h"

namespace masthead::articles {
namespace {

constexpr char kRemoveRevisions[] = R"sql(
  DELETE FROM article_revisions
  WHERE article_id = $1)sql";

constexpr char kRemoveCorrections[] = R"sql(
  DELETE FROM corrections
  WHERE article_id = $1)sql";

constexpr char kMakeTombstone[] = R"sql(
  WITH noted AS (
    INSERT INTO article_writes (article_id, version, revision_before, revision_after, published_revision_before,
                                published_revision_after, state_before, state_after, deleted)
    SELECT id, version + 1, revision, revision, published_revision, published_revision, state,
      CASE WHEN published_revision > 0 THEN 'UNPUBLISHED' ELSE 'DRAFT' END, true
    FROM articles
    WHERE id = $1
  )
  UPDATE articles
  SET tombstone = true,
      version = version + 1,
      state = CASE WHEN published_revision > 0 THEN 'UNPUBLISHED' ELSE 'DRAFT' END,
      section_id = '',
      review = NULL,
      retraction = NULL,
      correction_count = 0,
      purge_time = NULL,
      update_time = db_now()
  WHERE id = $1)sql";

constexpr char kLockPurgeable[] = R"sql(
  SELECT id
  FROM articles
  WHERE purge_time <= db_now()
  ORDER BY purge_time
  LIMIT $1
  FOR UPDATE SKIP LOCKED)sql";

}  // namespace

void PurgeArticle(db::Transaction& tx, const Article& article) {
  RemoveLabels(tx, article.id);
  LeaveTranslationSet(tx, article.id);
  ReleaseSlugs(tx, article.id, {});
  tx.Query(kRemoveCorrections, article.id);
  tx.Query(kRemoveRevisions, article.id);
  tx.Query(kMakeTombstone, article.id);
}

std::vector<Article> LockPurgeable(db::Transaction& tx, int limit) {
  std::vector<Article> articles;
  const pqxx::result rows = tx.Query(kLockPurgeable, limit);
  for (const pqxx::row& row : rows) {
    std::optional<Article> article = LockDeletedArticle(tx, row[0].as<std::string>());
    if (article.has_value()) articles.push_back(*std::move(article));
  }
  return articles;
}

}  // namespace masthead::articles
