#include "services/articles/history/retention_store.h"

#include <cstdint>

#include "common/base/status_macros.h"

namespace masthead::articles {
namespace {

// The article's row first: whoever writes or plans holds it.
constexpr char kRemoveRevisions[] = R"sql(
  WITH old AS (
    SELECT r.article_id, r.revision
    FROM article_revisions r
    JOIN articles a ON a.id = r.article_id
    WHERE NOT r.published
      AND r.create_time < db_now() - $1::interval
      AND r.revision NOT IN (a.revision, a.published_revision, coalesce(a.schedule_revision, 0),
                             coalesce((a.review->>'revision')::bigint, 0))
      AND NOT EXISTS (
        SELECT 1 FROM preview_links l WHERE l.article_id = r.article_id AND l.revision = r.revision)
      AND NOT EXISTS (
        SELECT 1
        FROM article_translations t
        JOIN working_copies c ON c.id = t.article_id
        WHERE t.source_id = r.article_id AND (c.head->>'source_revision')::bigint = r.revision)
    LIMIT 1000
    FOR UPDATE OF a SKIP LOCKED
  )
  DELETE FROM article_revisions r
  USING old
  WHERE r.article_id = old.article_id AND r.revision = old.revision AND NOT r.published)sql";

constexpr char kRemoveEvents[] = R"sql(
  DELETE FROM article_writes
  WHERE ctid = ANY (ARRAY(
    SELECT ctid
    FROM article_writes
    WHERE at < db_now() - $1::interval
    LIMIT 10000
    FOR UPDATE SKIP LOCKED
  )))sql";

absl::StatusOr<int64_t> Remove(db::Database& database, const Scope& scope, const char* statement, absl::Duration age) {
  if (age == absl::InfiniteDuration()) return 0;
  return database.Write(
      scope, [&](db::Transaction& tx) { return static_cast<int64_t>(tx.Query(statement, age).affected_rows()); });
}

}  // namespace

absl::StatusOr<bool> ClearAwayHistory(db::Database& database, const Scope& scope, const Retention& retention) {
  ASSIGN_OR_RETURN(const int64_t revisions, Remove(database, scope, kRemoveRevisions, retention.revisions));
  ASSIGN_OR_RETURN(const int64_t events, Remove(database, scope, kRemoveEvents, retention.events));
  return revisions + events > 0;
}

}  // namespace masthead::articles
