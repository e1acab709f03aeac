#include "services/articles/publishing/schedule_store.h"

#include <string>
#include <utility>

#include "services/articles/article/article_store.h"

namespace masthead::articles {
namespace {

constexpr char kLockDuePublications[] = R"sql(
  SELECT id
  FROM articles
  WHERE (state = 'SCHEDULED' OR schedule_due_time IS NOT NULL)
    AND coalesce(schedule_due_time, schedule_publish_time) <= db_now()
    AND NOT legal_hold
  ORDER BY coalesce(schedule_due_time, schedule_publish_time)
  LIMIT $1
  OFFSET $2
  FOR UPDATE SKIP LOCKED)sql";

constexpr char kLockDueWithdrawals[] = R"sql(
  SELECT id
  FROM articles
  WHERE state = 'PUBLISHED' AND schedule_unpublish_time <= db_now()
  ORDER BY schedule_unpublish_time
  LIMIT $1
  OFFSET $2
  FOR UPDATE SKIP LOCKED)sql";

constexpr char kUntilNextDue[] = R"sql(
  SELECT extract(epoch FROM least(
    (SELECT min(coalesce(schedule_due_time, schedule_publish_time))
     FROM articles
     WHERE (state = 'SCHEDULED' OR schedule_due_time IS NOT NULL) AND NOT legal_hold),
    (SELECT min(schedule_unpublish_time)
     FROM articles
     WHERE state = 'PUBLISHED')) - db_now())::double precision)sql";

constexpr char kCountHeld[] = R"sql(
  SELECT count(*)
  FROM articles
  WHERE (state = 'SCHEDULED' OR schedule_due_time IS NOT NULL)
    AND coalesce(schedule_due_time, schedule_publish_time) <= db_now()
    AND legal_hold)sql";

std::vector<Article> LoadLocked(db::Transaction& tx, const pqxx::result& rows) {
  std::vector<Article> articles;
  for (const pqxx::row& row : rows) {
    if (std::optional<Article> article = LoadArticle(tx, row[0].as<std::string>())) {
      articles.push_back(*std::move(article));
    }
  }
  return articles;
}

}  // namespace

std::vector<Article> LockDuePublications(db::Transaction& tx, int limit, int skip) {
  std::vector<Article> articles = LoadLocked(tx, tx.Query(kLockDuePublications, limit, skip));
  for (Article& article : articles) {
    const int64_t planned = article.schedule->revision;
    if (planned != 0 && planned != article.revision) LoadContent(tx, article, planned);
  }
  return articles;
}

std::vector<Article> LockDueWithdrawals(db::Transaction& tx, int limit, int skip) {
  return LoadLocked(tx, tx.Query(kLockDueWithdrawals, limit, skip));
}

std::optional<absl::Duration> UntilNextDue(db::Transaction& tx) {
  const pqxx::result rows = tx.Query(kUntilNextDue);
  if (rows[0][0].is_null()) return std::nullopt;
  return absl::Seconds(rows[0][0].as<double>());
}

int64_t CountHeldPublications(db::Transaction& tx) { return tx.Query(kCountHeld)[0][0].as<int64_t>(); }

}  // namespace masthead::articles
