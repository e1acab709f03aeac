#include "services/articles/reading/published_list_store.h"

#include "absl/strings/str_cat.h"
#include "services/articles/article/section_filter.h"
#include "services/articles/article/spelling.h"

namespace masthead::articles {
namespace {

constexpr char kSelectKey[] = "SELECT p.article_id, ";
constexpr char kFrom[] = " FROM published_articles p";

// The parts of the published revision that are not kept with what readers list.
std::string OfHead(absl::string_view path) {
  return absl::StrCat("(SELECT r.head", path,
                      " FROM article_revisions r WHERE r.article_id = p.article_id AND r.revision = p.revision)");
}

constexpr char kHasTag[] =
    "EXISTS (SELECT FROM published_article_tags t WHERE t.article_id = p.article_id AND t.tag_id = {})";
constexpr char kContentUpdateTime[] = "(SELECT a.content_update_time FROM articles a WHERE a.id = p.article_id)";

}  // namespace

const filter::Fields& PublishedFields() {
  static const filter::Fields fields({
      filter::Text("language_code", "p.language_code"),
      filter::Name("section", "p.section_id", "sections/*"),
      SectionTreeField("p.section_id"),
      filter::NameList("tags", kHasTag, "tags/*"),
      filter::NameList(
          "byline", absl::StrCat(OfHead("->'bylines'"), " @> jsonb_build_array(jsonb_build_object('contributor', {}))"),
          "contributors/*"),
      filter::Enum("access_level", OfHead("->'access'->>'level'"), Spellings<Access::Level>()),
      filter::Enum("type", absl::StrCat("coalesce(", OfHead("->>'type'"), ", 'NEWS')"), Spellings<Content::Type>()),
      filter::NameList("places", absl::StrCat(OfHead("->'places'"), " @> to_jsonb({})"), "places/*"),
      filter::Boolean("breaking", absl::StrCat("coalesce(", OfHead("->>'breaking_until_micros'"),
                                               "::bigint, 0) > extract(epoch FROM db_now()) * 1000000")),
      filter::Boolean("has_corrections", "(SELECT a.correction_count > 0 FROM articles a WHERE a.id = p.article_id)"),
      filter::Time("publish_time", "p.publish_time"),
      filter::Time("content_update_time", kContentUpdateTime),
  });
  return fields;
}

absl::StatusOr<filter::Order> ParsePublishedOrder(absl::string_view order_by) {
  static const std::vector<filter::OrderField> fields = {
      {.name = "publish_time", .sql = "p.publish_time", .type = "timestamptz", .descending = true}};
  return filter::Order::Parse(order_by, fields, "p.article_id");
}

std::vector<filter::Position> LoadPublishedPage(db::Transaction& tx, const filter::Filter& filter,
                                                const filter::Order& order,
                                                const std::optional<filter::Position>& after, int limit) {
  db::Parameters parameters;
  const std::string page = filter::PageSql(filter, order, after, limit, parameters);
  std::vector<filter::Position> positions;
  const pqxx::result rows = tx.QueryComposed(absl::StrCat(kSelectKey, order.KeySql(), kFrom, page), parameters);
  for (const pqxx::row& row : rows) positions.push_back({row[1].as<std::string>(), row[0].as<std::string>()});
  return positions;
}

}  // namespace masthead::articles
