#include "services/articles/taxonomy/usage_store.h"

namespace masthead::articles {
namespace {

constexpr char kContributor[] = R"sql(
  SELECT EXISTS (
    SELECT FROM articles a
    JOIN article_revisions r ON r.article_id = a.id AND r.revision IN (a.revision, a.published_revision, a.schedule_revision)
    WHERE r.head->'bylines' @> jsonb_build_array(jsonb_build_object('contributor', $1::text))))sql";

constexpr char kSection[] = R"sql(
  SELECT EXISTS (
    SELECT FROM articles a
    JOIN article_revisions r ON r.article_id = a.id AND r.revision IN (a.revision, a.published_revision, a.schedule_revision)
    WHERE r.head->>'section' = $1 OR r.head->'additional_sections' @> to_jsonb($1::text)))sql";

constexpr char kTag[] = R"sql(
  SELECT EXISTS (
    SELECT FROM articles a
    JOIN article_revisions r ON r.article_id = a.id AND r.revision IN (a.revision, a.published_revision, a.schedule_revision)
    WHERE r.head->'tags' @> to_jsonb($1::text)))sql";

constexpr char kPlace[] = R"sql(
  SELECT EXISTS (
    SELECT FROM articles a
    JOIN article_revisions r ON r.article_id = a.id AND r.revision IN (a.revision, a.published_revision, a.schedule_revision)
    WHERE r.head->'places' @> to_jsonb($1::text)))sql";

bool Answer(const pqxx::result& rows) { return rows.at(0)[0].as<bool>(); }

}  // namespace

bool IsContributorUsed(db::Transaction& tx, const std::string& id) { return Answer(tx.Query(kContributor, id)); }
bool IsSectionUsed(db::Transaction& tx, const std::string& id) { return Answer(tx.Query(kSection, id)); }
bool IsTagUsed(db::Transaction& tx, const std::string& id) { return Answer(tx.Query(kTag, id)); }
bool IsPlaceUsed(db::Transaction& tx, const std::string& id) { return Answer(tx.Query(kPlace, id)); }

}  // namespace masthead::articles
