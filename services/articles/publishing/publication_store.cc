#include "services/articles/publishing/publication_store.h"

namespace masthead::articles {
namespace {

// What readers once had is marked, so that it is never cleared away.
constexpr char kPutPublished[] = R"sql(
  WITH marked AS (
    UPDATE article_revisions
    SET published = true
    WHERE article_id = $1 AND revision = $2 AND NOT published
  )
  INSERT INTO published_articles (article_id, revision, language_code, section_id, publish_time)
  VALUES ($1, $2, $3, $4, $5)
  ON CONFLICT (article_id) DO UPDATE
  SET revision = excluded.revision, section_id = excluded.section_id)sql";

constexpr char kRemoveTags[] = R"sql(
  DELETE FROM published_article_tags
  WHERE article_id = $1)sql";

// A statement of its own: the one that follows sees what merges came to that it had to wait for.
constexpr char kHoldTags[] = R"sql(
  SELECT
  FROM tags
  WHERE id = ANY ($1::text[])
  ORDER BY id
  FOR KEY SHARE)sql";

constexpr char kPutTags[] = R"sql(
  INSERT INTO published_article_tags (tag_id, article_id, publish_time)
  SELECT DISTINCT coalesce(merged_into, id), $2, $3::timestamptz
  FROM tags
  WHERE id = ANY ($1::text[]))sql";

constexpr char kRemovePublished[] = R"sql(
  DELETE FROM published_articles
  WHERE article_id = $1)sql";

}  // namespace

void PutPublished(db::Transaction& tx, const Article& article) {
  tx.Query(kPutPublished, article.id, article.published_revision, article.language_code, article.content.section_id,
           article.publish_time);
  tx.Query(kRemoveTags, article.id);
  const db::TextArray tag_ids(article.content.tag_ids);
  tx.Query(kHoldTags, tag_ids);
  tx.Query(kPutTags, tag_ids, article.id, article.publish_time);
}

void RemovePublished(db::Transaction& tx, const Article& article) { tx.Query(kRemovePublished, article.id); }

}  // namespace masthead::articles
