#include "services/articles/history/article_event_store.h"

namespace masthead::articles {
namespace {

constexpr char kWasThere[] = R"sql(
  SELECT 1
  FROM articles
  WHERE id = $1)sql";

// One call may make several versions.
constexpr char kLoadEvents[] = R"sql(
  SELECT w.*, a.principal, a.method, a.request_id, a.traceparent
  FROM article_writes w
  LEFT JOIN audit_event a ON a.resource = $2 AND a.revision_before < w.version AND a.revision_after >= w.version
  WHERE w.article_id = $1 AND w.version < $3
  ORDER BY w.version DESC
  LIMIT $4)sql";

Article::State ReadState(const pqxx::field& field) { return ParseState(field.as<std::string>()).value(); }

ArticleEvent ReadEvent(const pqxx::row& row) {
  ArticleEvent event = {.version = row["version"].as<int64_t>(),
                        .time = row["at"].as<absl::Time>(),
                        .before = std::nullopt,
                        .after = {.state = ReadState(row["state_after"]),
                                  .revision = row["revision_after"].as<int64_t>(),
                                  .published_revision = row["published_revision_after"].as<int64_t>()},
                        .deleted = row["deleted"].as<bool>(),
                        .actor = row["principal"].as<std::string>(""),
                        .method = row["method"].as<std::string>(""),
                        .request_id = row["request_id"].as<std::string>(""),
                        .traceparent = row["traceparent"].as<std::string>("")};
  if (!row["state_before"].is_null()) {
    event.before = {.state = ReadState(row["state_before"]),
                    .revision = row["revision_before"].as<int64_t>(),
                    .published_revision = row["published_revision_before"].as<int64_t>()};
  }
  return event;
}

}  // namespace

bool WasThereArticle(db::Transaction& tx, const std::string& id) { return !tx.Query(kWasThere, id).empty(); }

std::vector<ArticleEvent> LoadArticleEvents(db::Transaction& tx, const std::string& article_id, int64_t before,
                                            int limit) {
  std::vector<ArticleEvent> events;
  const pqxx::result rows = tx.Query(kLoadEvents, article_id, ArticleName(article_id), before, limit);
  for (const pqxx::row& row : rows) events.push_back(ReadEvent(row));
  return events;
}

}  // namespace masthead::articles
