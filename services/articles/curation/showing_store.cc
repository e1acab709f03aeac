#include "services/articles/curation/showing_store.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"

namespace masthead::articles {
namespace {

// Tables by the names of those that filters ask of readers' articles, as they will be at the time `{}`. Within its own
// definition such a name still means the table of now.
constexpr char kAsOf[] = R"sql(
  WITH plans AS (
    SELECT a.id AS article_id, a.language_code,
           CASE WHEN a.schedule_revision = 0 THEN a.revision ELSE a.schedule_revision END AS revision,
           coalesce(a.publish_time, a.schedule_due_time, a.schedule_publish_time) AS publish_time
    FROM articles a
    WHERE (a.state = 'SCHEDULED' OR a.schedule_due_time IS NOT NULL)
      AND coalesce(a.schedule_due_time, a.schedule_publish_time) <= {}::timestamptz
      AND (a.schedule_unpublish_time IS NULL OR a.schedule_unpublish_time > {}::timestamptz)
      AND NOT a.legal_hold
      AND a.delete_time IS NULL
  ), published_articles AS (
    SELECT p.article_id, p.revision, p.language_code, p.section_id, p.publish_time
    FROM published_articles p
    JOIN articles a ON a.id = p.article_id
    WHERE coalesce(a.schedule_unpublish_time > {}::timestamptz, true)
      AND p.article_id NOT IN (SELECT article_id FROM plans)
    UNION ALL
    SELECT n.article_id, n.revision, n.language_code, r.head->>'section', n.publish_time
    FROM plans n
    JOIN article_revisions r ON r.article_id = n.article_id AND r.revision = n.revision
  ), published_article_tags AS (
    SELECT t.tag_id, t.article_id, t.publish_time
    FROM published_article_tags t
    WHERE t.article_id NOT IN (SELECT article_id FROM plans)
    UNION ALL
    SELECT DISTINCT coalesce(g.merged_into, g.id), n.article_id, n.publish_time
    FROM plans n
    JOIN article_revisions r ON r.article_id = n.article_id AND r.revision = n.revision
    CROSS JOIN LATERAL jsonb_array_elements_text(coalesce(r.head->'tags', '[]')) named(id)
    JOIN tags g ON g.id = named.id
  ))sql";

constexpr char kSelect[] = R"sql(
  SELECT p.article_id, p.revision, p.publish_time
  FROM published_articles p
  WHERE )sql";

constexpr char kNotAmong[] = " AND p.article_id <> ALL (";
constexpr char kLatestFirst[] = R"sql(::text[])
  ORDER BY p.publish_time DESC, p.article_id DESC
  LIMIT )sql";

constexpr char kAmong[] = "p.article_id = ANY (";

std::string AsOfSql(std::optional<absl::Time> as_of, db::Parameters& parameters) {
  if (!as_of.has_value()) return "";
  return absl::StrReplaceAll(kAsOf, {{"{}", parameters.Add(*as_of)}});
}

std::vector<Showing> ReadAll(const pqxx::result& rows) {
  std::vector<Showing> showing;
  for (const pqxx::row& row : rows) {
    showing.push_back({row[0].as<std::string>(), row[1].as<int64_t>(), row[2].as<absl::Time>()});
  }
  return showing;
}

}  // namespace

std::vector<Showing> LoadLatestShowing(db::Transaction& tx, const filter::Filter& filter,
                                       const std::vector<std::string>& excluded, int limit,
                                       std::optional<absl::Time> as_of) {
  db::Parameters parameters;
  std::string sql = absl::StrCat(AsOfSql(as_of, parameters), kSelect, filter.ToSql(parameters));
  absl::StrAppend(&sql, kNotAmong, parameters.Add(db::TextArray(excluded)), kLatestFirst, parameters.Add(limit),
                  "::integer");
  return ReadAll(tx.QueryComposed(sql, parameters));
}

std::vector<Showing> LoadShowing(db::Transaction& tx, const std::vector<std::string>& ids,
                                 std::optional<absl::Time> as_of) {
  db::Parameters parameters;
  std::string sql = absl::StrCat(AsOfSql(as_of, parameters), kSelect);
  absl::StrAppend(&sql, kAmong, parameters.Add(db::TextArray(ids)), "::text[])");
  return ReadAll(tx.QueryComposed(sql, parameters));
}

}  // namespace masthead::articles
