#include "services/articles/article/article_store.h"

#include <stdexcept>

#include "services/articles/article/content_json.h"
#include "services/articles/article/labels_store.h"
#include "services/articles/article/translation_store.h"
#include "services/articles/article/workflow_json.h"

namespace masthead::articles {
namespace {

constexpr char kNow[] = "SELECT db_now()";

constexpr char kInsertArticle[] = R"sql(
  WITH created AS (
    INSERT INTO articles (id, uid, language_code, state, version, revision, section_id, create_time, update_time)
    VALUES ($1, $2, $3, 'DRAFT', 1, 1, $4, $5, $5)
    ON CONFLICT (id) DO NOTHING
    RETURNING *
  )
  INSERT INTO article_writes (article_id, version, revision_before, revision_after, state_after)
  SELECT id, version, 0, revision, state
  FROM created)sql";

constexpr char kInsertRevision[] = R"sql(
  INSERT INTO article_revisions (article_id, revision, head, body, word_count, editor, create_time, autosaved)
  VALUES ($1, $2, $3::jsonb, $4::jsonb, $5, $6, $7, $8))sql";

constexpr char kReplaceRevision[] = R"sql(
  UPDATE article_revisions
  SET head = $3::jsonb, body = $4::jsonb, word_count = $5
  WHERE article_id = $1 AND revision = $2)sql";

constexpr char kLoadArticle[] = R"sql(
  SELECT *
  FROM working_copies
  WHERE id = $1)sql";

constexpr char kLoadArticlesById[] = R"sql(
  SELECT *
  FROM working_copies
  WHERE id = ANY ($1::text[]))sql";

constexpr char kLoadDeletedArticle[] = R"sql(
  SELECT *
  FROM deleted_working_copies
  WHERE id = $1)sql";

// A statement of its own: joined, a row that had to be waited for could come with the revision it had before.
constexpr char kLockArticle[] = R"sql(
  SELECT 1
  FROM articles
  WHERE id = $1
  FOR UPDATE)sql";

constexpr char kLoadArticles[] = R"sql(
  SELECT c.*
  FROM unnest($1::text[]) WITH ORDINALITY wanted(id, place)
  JOIN working_copies c ON c.id = wanted.id
  ORDER BY wanted.place)sql";

constexpr char kLoadArticlesDeletedToo[] = R"sql(
  SELECT a.*, r.word_count, r.head
  FROM unnest($1::text[]) WITH ORDINALITY wanted(id, place)
  JOIN articles a ON a.id = wanted.id
  JOIN article_revisions r ON r.article_id = a.id AND r.revision = a.revision
  ORDER BY wanted.place)sql";

constexpr char kLoadRevision[] = R"sql(
  SELECT revision, editor, create_time, word_count, head, body
  FROM article_revisions
  WHERE article_id = $1 AND revision = $2)sql";

constexpr char kLoadRevisions[] = R"sql(
  SELECT revision, editor, create_time, word_count, head
  FROM article_revisions
  WHERE article_id = $1 AND revision < $2
  ORDER BY revision DESC
  LIMIT $3)sql";

// What was done is noted beside it (article_events.h): the row as it was, which this statement still sees, and as it
// is.
constexpr char kSaveArticle[] = R"sql(
  WITH noted AS (
    INSERT INTO article_writes (article_id, version, revision_before, revision_after, published_revision_before,
                                published_revision_after, state_before, state_after, deleted)
    SELECT id, version + 1, revision, $4::bigint, published_revision, $5::bigint, state, $3::text,
      $15::timestamptz IS NOT NULL
    FROM articles
    WHERE id = $1 AND version = $2
    ON CONFLICT (article_id, version) DO UPDATE  -- An import sets back the version of what it has just created.
    SET revision_after = excluded.revision_after,
        published_revision_after = excluded.published_revision_after,
        state_after = excluded.state_after
  )
  UPDATE articles
  SET version = version + 1,
      state = $3,
      revision = $4,
      section_id = (SELECT head->>'section' FROM article_revisions WHERE article_id = $1 AND revision = $4),
      published_revision = $5,
      published_slug = $6,
      schedule_publish_time = $7,
      schedule_time_zone = $8,
      schedule_local_time = $9,
      schedule_time_repeats = $10,
      schedule_revision = $11,
      publish_time = $12,
      content_update_time = $13,
      update_time = $14,
      delete_time = $15,
      purge_time = $16,
      schedule_due_time = $17,
      schedule_substantive = $18,
      schedule_unpublish_time = $19,
      schedule_local_unpublish_time = $20,
      schedule_local_unpublish_repeats = $21,
      review = $22::jsonb,
      retraction = $23::jsonb,
      correction_count = $24
  WHERE id = $1 AND version = $2)sql";

template <typename T>
std::optional<T> Optional(const pqxx::field& field) {
  return field.is_null() ? std::nullopt : std::optional<T>(field.as<T>());
}

std::optional<Schedule> ReadSchedule(const pqxx::row& row) {
  if (row["schedule_publish_time"].is_null()) return std::nullopt;
  Schedule schedule = {.publish_time = row["schedule_publish_time"].as<absl::Time>(),
                       .unpublish_time = Optional<absl::Time>(row["schedule_unpublish_time"]),
                       .time_zone = row["schedule_time_zone"].as<std::string>(),
                       .local_publish_time = row["schedule_local_time"].as<std::string>(),
                       .local_time_repeats = row["schedule_time_repeats"].as<bool>(),
                       .local_unpublish_time = row["schedule_local_unpublish_time"].as<std::string>(""),
                       .local_unpublish_time_repeats = row["schedule_local_unpublish_repeats"].as<bool>(false),
                       .revision = row["schedule_revision"].as<int64_t>(),
                       .substantive = row["schedule_substantive"].as<bool>(true),
                       .due_time = Optional<absl::Time>(row["schedule_due_time"])};
  // Of a plan that a binary of before migration 1015 made.
  if (row["state"].as<std::string>() == Name(Article::State::kScheduled) && !schedule.due_time.has_value()) {
    schedule.due_time = schedule.publish_time;
  }
  return schedule;
}

// A row of working_copies.
Article ReadArticle(const pqxx::row& row) {
  Article article;
  article.id = row["id"].as<std::string>();
  article.uid = row["uid"].as<std::string>();
  article.language_code = row["language_code"].as<std::string>();
  article.state = ParseState(row["state"].as<std::string>()).value();
  article.version = row["version"].as<int64_t>();
  article.revision = row["revision"].as<int64_t>();
  article.published_revision = row["published_revision"].as<int64_t>();
  article.published_slug = row["published_slug"].as<std::string>();
  article.schedule = ReadSchedule(row);
  if (!row["review"].is_null()) article.review = ReviewFromJson(row["review"].as<std::string>());
  if (!row["retraction"].is_null()) article.retraction = RetractionFromJson(row["retraction"].as<std::string>());
  article.publish_time = Optional<absl::Time>(row["publish_time"]);
  article.content_update_time = Optional<absl::Time>(row["content_update_time"]);
  article.create_time = row["create_time"].as<absl::Time>();
  article.update_time = row["update_time"].as<absl::Time>();
  article.legal_hold = row["legal_hold"].as<bool>();
  article.labels = LabelsFromJson(row["labels"].as<std::string>());
  article.alt_ids = LabelsFromJson(row["alt_ids"].as<std::string>());
  article.translation_set_id = row["translation_set"].as<std::string>("");
  article.delete_time = Optional<absl::Time>(row["delete_time"]);
  article.purge_time = Optional<absl::Time>(row["purge_time"]);
  article.correction_count = row["correction_count"].as<int32_t>();
  article.word_count = row["word_count"].as<int32_t>();
  article.content = HeadFromJson(row["head"].as<std::string>());
  return article;
}

std::optional<Article> WithBody(db::Transaction& tx, const pqxx::result& rows) {
  if (rows.empty()) return std::nullopt;
  Article article = ReadArticle(rows[0]);
  LoadTranslations(tx, absl::MakeSpan(&article, 1));
  LoadContent(tx, article, article.revision);
  return article;
}

Revision ReadRevision(const pqxx::row& row) {
  return {.number = row["revision"].as<int64_t>(),
          .editor = row["editor"].as<std::string>(),
          .create_time = row["create_time"].as<absl::Time>(),
          .word_count = row["word_count"].as<int32_t>(),
          .content = HeadFromJson(row["head"].as<std::string>())};
}

}  // namespace

absl::Time Now(db::Transaction& tx) { return tx.Query(kNow)[0][0].as<absl::Time>(); }

bool InsertArticleRow(db::Transaction& tx, const Article& article, const std::string& section_id) {
  return tx.Query(kInsertArticle, article.id, article.uid, article.language_code, section_id, article.create_time)
             .affected_rows() == 1;
}

void InsertRevision(db::Transaction& tx, const Article& article, const std::string& editor, absl::Time now,
                    bool autosaved) {
  tx.Query(kInsertRevision, article.id, article.revision, HeadToJson(article.content), BodyToJson(article.content.body),
           article.word_count, editor, now, autosaved);
}

void ReplaceRevision(db::Transaction& tx, const Article& article) {
  tx.Query(kReplaceRevision, article.id, article.revision, HeadToJson(article.content),
           BodyToJson(article.content.body), article.word_count);
}

std::optional<Article> LoadArticle(db::Transaction& tx, const std::string& id) {
  return WithBody(tx, tx.Query(kLoadArticle, id));
}

std::vector<Article> LoadArticlesById(db::Transaction& tx, const std::vector<std::string>& ids) {
  std::vector<Article> articles;
  const pqxx::result rows = tx.Query(kLoadArticlesById, db::TextArray(ids));
  for (const pqxx::row& row : rows) articles.push_back(ReadArticle(row));
  LoadTranslations(tx, absl::MakeSpan(articles));
  return articles;
}

std::optional<Article> LockArticle(db::Transaction& tx, const std::string& id) {
  if (tx.Query(kLockArticle, id).empty()) return std::nullopt;
  return LoadArticle(tx, id);
}

std::optional<Article> LockDeletedArticle(db::Transaction& tx, const std::string& id) {
  if (tx.Query(kLockArticle, id).empty()) return std::nullopt;
  return WithBody(tx, tx.Query(kLoadDeletedArticle, id));
}

bool LoadContent(db::Transaction& tx, Article& article, int64_t revision) {
  std::optional<Revision> loaded = LoadRevision(tx, article.id, revision);
  if (!loaded.has_value()) return false;
  article.word_count = loaded->word_count;
  article.content = std::move(loaded->content);
  return true;
}

void SaveArticle(db::Transaction& tx, Article& article) {
  const std::optional<Schedule>& plan = article.schedule;
  const auto planned = [&](auto value) { return plan ? std::optional(value(*plan)) : std::nullopt; };
  const pqxx::result updated = tx.Query(
      kSaveArticle, article.id, article.version, Name(article.state), article.revision, article.published_revision,
      article.published_slug, planned([](const Schedule& s) { return s.publish_time; }),
      planned([](const Schedule& s) { return s.time_zone; }),
      planned([](const Schedule& s) { return s.local_publish_time; }),
      planned([](const Schedule& s) { return s.local_time_repeats; }),
      planned([](const Schedule& s) { return s.revision; }), article.publish_time, article.content_update_time,
      article.update_time, article.delete_time, article.purge_time, plan ? plan->due_time : std::nullopt,
      planned([](const Schedule& s) { return s.substantive; }), plan ? plan->unpublish_time : std::nullopt,
      planned([](const Schedule& s) { return s.local_unpublish_time; }),
      planned([](const Schedule& s) { return s.local_unpublish_time_repeats; }),
      article.review ? std::optional(ToJson(*article.review)) : std::nullopt,
      article.retraction ? std::optional(ToJson(*article.retraction)) : std::nullopt, article.correction_count);
  if (updated.affected_rows() != 1) throw std::logic_error("an article was written without being locked");
  ++article.version;
}

std::vector<Article> LoadArticles(db::Transaction& tx, const std::vector<std::string>& ids, Deleted deleted) {
  std::vector<Article> articles;
  const pqxx::result rows =
      tx.Query(deleted == Deleted::kIncluded ? kLoadArticlesDeletedToo : kLoadArticles, db::TextArray(ids));
  for (const pqxx::row& row : rows) articles.push_back(ReadArticle(row));
  LoadTranslations(tx, absl::MakeSpan(articles));
  return articles;
}

std::optional<Revision> LoadRevision(db::Transaction& tx, const std::string& article_id, int64_t number) {
  const pqxx::result rows = tx.Query(kLoadRevision, article_id, number);
  if (rows.empty()) return std::nullopt;
  Revision revision = ReadRevision(rows[0]);
  revision.content.body = BodyFromJson(rows[0]["body"].as<std::string>());
  return revision;
}

std::vector<Revision> LoadRevisions(db::Transaction& tx, const std::string& article_id, int64_t before, int limit) {
  std::vector<Revision> revisions;
  const pqxx::result rows = tx.Query(kLoadRevisions, article_id, before, limit);
  for (const pqxx::row& row : rows) revisions.push_back(ReadRevision(row));
  return revisions;
}

}  // namespace masthead::articles
