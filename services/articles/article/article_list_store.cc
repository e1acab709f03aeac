#include "services/articles/article/article_list_store.h"

#include "absl/strings/str_cat.h"
#include "services/articles/article/section_filter.h"
#include "services/articles/article/spelling.h"

namespace masthead::articles {
namespace {

constexpr char kSelectKey[] = "SELECT c.id, ";
constexpr char kCountUpTo[] = "SELECT count(*) FROM (SELECT 1";
constexpr char kFrom[] = " FROM working_copies c";
// Purged ones have no revision.
constexpr char kFromDeletedToo[] =
    " FROM (SELECT a.*, r.word_count, r.head FROM articles a"
    " JOIN article_revisions r ON r.article_id = a.id AND r.revision = a.revision) c";

constexpr char kLoadMatching[] = R"sql(
  SELECT c.id, c.version
  FROM working_copies c
  WHERE )sql";

constexpr char kNewestFirst[] = R"sql(
  ORDER BY c.create_time DESC, c.id DESC
  LIMIT )sql";

constexpr char kBreaking[] =
    "coalesce((c.head->>'breaking_until_micros')::bigint, 0) > extract(epoch FROM db_now()) * 1000000";

constexpr char kTranslationOf[] = "(SELECT t.source_id FROM article_translations t WHERE t.article_id = c.id)";
constexpr char kInTranslationSet[] =
    "coalesce(c.translation_set = (SELECT s.translation_set FROM articles s WHERE s.id = {}), false)";
// As IsTranslationStale.
constexpr char kTranslationStale[] =
    "coalesce((SELECT s.published_revision > coalesce((c.head->>'source_revision')::bigint, 0)"
    " FROM article_translations t JOIN articles s ON s.id = t.source_id"
    " WHERE t.article_id = c.id AND s.delete_time IS NULL), false)";

// What was never public has no such time: it comes before the latest.
constexpr char kPublishTime[] = "coalesce(c.publish_time, 'infinity')";
constexpr char kContentUpdateTime[] = "coalesce(c.content_update_time, 'infinity')";
// The IDs that others know articles by are unique, and kept apart with an index.
constexpr char kOfAltId[] = "c.id = (SELECT i.article_id FROM article_alt_ids i WHERE i.scheme = {} AND i.value = {})";
// 0, not said, comes after the least urgent.
constexpr char kUrgency[] = "coalesce(nullif((c.head->>'urgency')::integer, 0), 10)";
constexpr char kHeadline[] = "(c.head->>'headline') COLLATE \"und-x-icu\"";

}  // namespace

const filter::Fields& ArticleFields() {
  static const filter::Fields fields({
      filter::Enum("state", "c.state",
                   {"DRAFT", "IN_REVIEW", "APPROVED", "SCHEDULED", "PUBLISHED", "UNPUBLISHED", "RETRACTED"}),
      filter::Text("language_code", "c.language_code"),
      filter::Name("section", "c.section_id", "sections/*"),
      SectionTreeField("c.section_id"),
      filter::NameList("tags", "c.head->'tags' @> to_jsonb({})", "tags/*"),
      filter::NameList("byline", "c.head->'bylines' @> jsonb_build_array(jsonb_build_object('contributor', {}))",
                       "contributors/*"),
      filter::NameList("additional_sections", "c.head->'additional_sections' @> to_jsonb({})", "sections/*"),
      filter::NameList("places", "c.head->'places' @> to_jsonb({})", "places/*"),
      filter::Enum("access.level", "c.head->'access'->>'level'", Spellings<Access::Level>()),
      filter::Enum("type", "coalesce(c.head->>'type', 'NEWS')", Spellings<Content::Type>()),
      filter::Enum("digital_source", "coalesce(c.head->>'digital_source', 'HUMAN')",
                   Spellings<Content::DigitalSource>()),
      filter::Integer("urgency", "coalesce((c.head->>'urgency')::integer, 0)"),
      filter::Phrase("headline", "c.head->>'headline'"),
      filter::Boolean("breaking", kBreaking),
      filter::Boolean("legal_hold", "c.legal_hold"),
      filter::Boolean("translation_stale", kTranslationStale),
      filter::NameMatch("translation_set", kInTranslationSet, "articles/*"),
      filter::Name("translation_of", kTranslationOf, "articles/*"),
      filter::Map("labels", "c.labels->>{}"),
      filter::Lookup(filter::Map("alt_ids", "c.alt_ids->>{}"), kOfAltId),
      filter::Time("create_time", "c.create_time"),
      filter::Time("update_time", "c.update_time"),
      filter::Optional(filter::Time("publish_time", "c.publish_time")),
      filter::Optional(filter::Time("content_update_time", "c.content_update_time")),
      filter::Optional(filter::Time("schedule.publish_time", "c.schedule_publish_time")),
      filter::Optional(filter::Time("delete_time", "c.delete_time")),
  });
  return fields;
}

absl::StatusOr<filter::Order> ParseArticleOrder(absl::string_view order_by) {
  static const std::vector<filter::OrderField> fields = {
      {.name = "create_time", .sql = "c.create_time", .type = "timestamptz", .descending = true},
      {.name = "publish_time", .sql = kPublishTime, .type = "timestamptz"},
      {.name = "content_update_time", .sql = kContentUpdateTime, .type = "timestamptz"},
      {.name = "update_time", .sql = "c.update_time", .type = "timestamptz"},
      {.name = "urgency", .sql = kUrgency, .type = "integer"},
      {.name = "headline", .sql = kHeadline, .type = "text"}};
  return filter::Order::Parse(order_by, fields, "c.id");
}

std::vector<filter::Position> LoadArticlePage(db::Transaction& tx, const filter::Filter& filter,
                                              const filter::Order& order, const std::optional<filter::Position>& after,
                                              int limit, Deleted deleted) {
  db::Parameters parameters;
  const std::string page = filter::PageSql(filter, order, after, limit, parameters);
  std::vector<filter::Position> positions;
  const char* from = deleted == Deleted::kIncluded ? kFromDeletedToo : kFrom;
  const pqxx::result rows = tx.QueryComposed(absl::StrCat(kSelectKey, order.KeySql(), from, page), parameters);
  for (const pqxx::row& row : rows) positions.push_back({row[1].as<std::string>(), row[0].as<std::string>()});
  return positions;
}

int CountArticles(db::Transaction& tx, const filter::Filter& filter, int most, Deleted deleted) {
  db::Parameters parameters;
  const char* from = deleted == Deleted::kIncluded ? kFromDeletedToo : kFrom;
  const std::string condition = filter.ToSql(parameters);
  const std::string sql =
      absl::StrCat(kCountUpTo, from, " WHERE ", condition, " LIMIT ", parameters.Add(most), "::integer) counted");
  return tx.QueryComposed(sql, parameters)[0][0].as<int>();
}

std::vector<ArticleVersion> LoadMatching(db::Transaction& tx, const filter::Filter& filter, int limit) {
  db::Parameters parameters;
  const std::string condition = filter.ToSql(parameters);
  const std::string sql = absl::StrCat(kLoadMatching, condition, kNewestFirst, parameters.Add(limit), "::integer");
  std::vector<ArticleVersion> matching;
  const pqxx::result rows = tx.QueryComposed(sql, parameters);
  for (const pqxx::row& row : rows) matching.push_back({row[0].as<std::string>(), row[1].as<int64_t>()});
  return matching;
}

}  // namespace masthead::articles
