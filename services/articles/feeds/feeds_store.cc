#include "services/articles/feeds/feeds_store.h"

#include <algorithm>
#include <map>
#include <utility>

#include "absl/strings/str_cat.h"
#include "services/articles/reading/reading_store.h"

namespace masthead::articles {
namespace {

// Each of these takes the scope's ID as $1.
constexpr char kOfPaper[] = R"sql(
  SELECT p.article_id, p.publish_time, false AS retracted
  FROM published_articles p
  WHERE $1 = '')sql";

constexpr char kOfSection[] = R"sql(
  SELECT p.article_id, p.publish_time, false AS retracted
  FROM published_articles p
  WHERE p.section_id = $1)sql";

constexpr char kOfTag[] = R"sql(
  SELECT t.article_id, t.publish_time, false AS retracted
  FROM published_article_tags t
  JOIN published_articles p ON p.article_id = t.article_id
  WHERE t.tag_id = $1)sql";

constexpr char kOfContributor[] = R"sql(
  SELECT c.article_id, c.publish_time, false AS retracted
  FROM published_article_contributors c
  JOIN published_articles p ON p.article_id = c.article_id
  WHERE c.contributor_id = $1)sql";

constexpr char kNewestFirst[] = R"sql(
  ORDER BY publish_time DESC, article_id DESC
  LIMIT )sql";

// Few: they are looked through one by one.
constexpr char kRetracted[] = R"sql(
  SELECT a.id AS article_id, a.publish_time, true AS retracted
  FROM articles a
  JOIN article_revisions r ON r.article_id = a.id AND r.revision = a.published_revision
  WHERE a.state = 'RETRACTED' AND a.delete_time IS NULL)sql";

constexpr char kRetractedOfSection[] = " AND r.head->>'section' = $1";
constexpr char kRetractedOfTag[] =
    " AND r.head->'tags' ?| (SELECT array_agg(id) FROM tags WHERE id = $1 OR merged_into = $1)";
constexpr char kRetractedOfContributor[] =
    " AND r.head->'bylines' @> jsonb_build_array(jsonb_build_object('contributor', $1::text))";

// An index holds all of it.
constexpr char kLoadPublishedMonths[] = R"sql(
  SELECT date_trunc('month', publish_time AT TIME ZONE 'UTC')::date::text AS month,
         count(*) AS articles,
         max(content_update_time) AS last_modified
  FROM articles
  WHERE state = 'PUBLISHED' AND delete_time IS NULL
  GROUP BY 1
  ORDER BY 1)sql";

// The offset is at most that of one month.
constexpr char kLoadSitemapUrls[] = R"sql(
  SELECT '/' || page.language_code || '/' || page.published_slug AS path, page.content_update_time
  FROM (
    SELECT *
    FROM articles
    WHERE state = 'PUBLISHED' AND delete_time IS NULL
      AND publish_time >= $1 AND publish_time < $2
    ORDER BY publish_time, id
    LIMIT $3 OFFSET $4
  ) page
  JOIN article_revisions r ON r.article_id = page.id AND r.revision = page.published_revision
  WHERE coalesce(r.head->'seo'->>'no_index', 'false') = 'false'
    AND coalesce(r.head->'seo'->>'canonical_uri', '') IN ('', $5 || '/' || page.language_code || '/' || page.published_slug)
  ORDER BY page.publish_time, page.id)sql";

constexpr char kLoadNewsUrls[] = R"sql(
  SELECT '/' || a.language_code || '/' || a.published_slug AS path, a.language_code, a.publish_time, r.head->>'headline' AS headline
  FROM articles a
  JOIN article_revisions r ON r.article_id = a.id AND r.revision = a.published_revision
  WHERE a.state = 'PUBLISHED' AND a.delete_time IS NULL
    AND a.publish_time > db_now() - make_interval(secs => $1)
    AND coalesce(r.head->'seo'->>'no_index', 'false') = 'false'
    AND coalesce(r.head->'seo'->>'canonical_uri', '') IN ('', $3 || '/' || a.language_code || '/' || a.published_slug)
  ORDER BY a.publish_time DESC, a.id DESC
  LIMIT $2)sql";

struct ScopeSql {
  const char* published;
  const char* retracted;
};

ScopeSql SqlOf(FeedScope::Kind kind) {
  switch (kind) {
    case FeedScope::Kind::kPaper:
      return {kOfPaper, ""};
    case FeedScope::Kind::kSection:
      return {kOfSection, kRetractedOfSection};
    case FeedScope::Kind::kTag:
      return {kOfTag, kRetractedOfTag};
    case FeedScope::Kind::kContributor:
      return {kOfContributor, kRetractedOfContributor};
    case FeedScope::Kind::kCuratedList:
      break;
  }
  return {kOfPaper, ""};
}

}  // namespace

std::vector<LiveArticle> LoadFeedArticles(db::Transaction& tx, const FeedScope& scope, int limit) {
  const ScopeSql sql = SqlOf(scope.kind);
  db::Parameters parameters;
  parameters.Add(scope.id);
  std::string of_language;
  std::string of_language_retracted;
  if (!scope.language_code.empty()) {
    const std::string language = parameters.Add(scope.language_code);
    of_language = absl::StrCat(" AND p.language_code = ", language);
    of_language_retracted = absl::StrCat(" AND a.language_code = ", language);
  }
  const std::string latest = absl::StrCat(kNewestFirst, parameters.Add(limit));
  const pqxx::result rows =
      tx.QueryComposed(absl::StrCat("(", sql.published, of_language, latest, ") UNION ALL (", kRetracted, sql.retracted,
                                    of_language_retracted, latest, ")", latest),
                       parameters);
  std::vector<std::string> ids;
  std::vector<std::string> retracted_ids;
  for (const pqxx::row& row : rows) {
    ids.push_back(row["article_id"].as<std::string>());
    if (row["retracted"].as<bool>()) retracted_ids.push_back(ids.back());
  }
  std::map<std::string, LiveArticle> loaded;
  for (LiveArticle& live : LoadLiveArticles(tx, ids, Bodies::kAll)) loaded.emplace(live.article.id, std::move(live));
  for (LiveArticle& live : LoadRetracted(tx, retracted_ids)) loaded.emplace(live.article.id, std::move(live));
  std::vector<LiveArticle> articles;
  for (const std::string& id : ids) {
    if (const auto found = loaded.find(id); found != loaded.end()) articles.push_back(std::move(found->second));
  }
  return articles;
}

std::optional<LiveArticle> LoadPublicArticle(db::Transaction& tx, const std::string& id) {
  std::vector<LiveArticle> live = LoadLiveArticles(tx, {id}, Bodies::kAll);
  if (live.empty()) live = LoadRetracted(tx, {id});
  if (live.empty()) return std::nullopt;
  return std::move(live.front());
}

std::vector<PublishedMonth> LoadPublishedMonths(db::Transaction& tx) {
  std::vector<PublishedMonth> months;
  for (const pqxx::row& row : tx.Query(kLoadPublishedMonths)) {
    absl::CivilDay first;
    if (!absl::ParseCivilTime(row["month"].as<std::string>(), &first)) continue;
    months.push_back({absl::CivilMonth(first), row["articles"].as<int64_t>(), row["last_modified"].as<absl::Time>()});
  }
  return months;
}

std::vector<SitemapUrl> LoadSitemapUrls(db::Transaction& tx, const SitemapPage& page, const std::string& site_url) {
  const absl::Time from = absl::FromCivil(page.month, absl::UTCTimeZone());
  const absl::Time to = absl::FromCivil(page.month + 1, absl::UTCTimeZone());
  const int64_t offset = int64_t{page.part - 1} * kSitemapPageSize;
  std::vector<SitemapUrl> urls;
  for (const pqxx::row& row : tx.Query(kLoadSitemapUrls, from, to, kSitemapPageSize, offset, site_url)) {
    urls.push_back({row["path"].as<std::string>(), row["content_update_time"].as<absl::Time>()});
  }
  return urls;
}

std::vector<NewsUrl> LoadNewsUrls(db::Transaction& tx, const std::string& site_url) {
  std::vector<NewsUrl> urls;
  for (const pqxx::row& row : tx.Query(kLoadNewsUrls, absl::ToInt64Seconds(kNewsWindow), kMaxNewsUrls, site_url)) {
    urls.push_back({.path = row["path"].as<std::string>(),
                    .headline = row["headline"].as<std::string>(),
                    .language_code = row["language_code"].as<std::string>(),
                    .publish_time = row["publish_time"].as<absl::Time>()});
  }
  return urls;
}

}  // namespace masthead::articles
