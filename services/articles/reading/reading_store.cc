#include "services/articles/reading/reading_store.h"

#include <map>
#include <set>
#include <utility>

#include "services/articles/article/article_store.h"
#include "services/articles/article/content_json.h"
#include "services/articles/corrections/correction_store.h"
#include "services/articles/taxonomy/taxonomy_store.h"

namespace masthead::articles {
namespace {

// A reserved slug is no reader's business.
constexpr char kLoadPathHolder[] = R"sql(
  SELECT a.id, a.published_slug
  FROM article_slugs s
  JOIN articles a ON a.id = s.article_id
  WHERE s.language_code = $1
    AND s.slug = $2
    AND s.use <> 'RESERVED'
    AND a.state IN ('PUBLISHED', 'RETRACTED')
    AND a.delete_time IS NULL)sql";

constexpr char kLoadLiveArticles[] = R"sql(
  SELECT a.id, a.uid, a.language_code, a.version, a.published_revision, a.published_slug, a.publish_time, a.content_update_time,
         a.correction_count, r.word_count, r.head, CASE WHEN $2 OR r.head->>'dek' = '' THEN r.body ELSE '[]' END AS body
  FROM published_articles p
  JOIN articles a ON a.id = p.article_id
  JOIN article_revisions r ON r.article_id = p.article_id AND r.revision = p.revision
  WHERE p.article_id = ANY ($1::text[]))sql";

constexpr char kLoadRetracted[] = R"sql(
  SELECT a.id, a.uid, a.language_code, a.version, a.published_revision, a.published_slug, a.publish_time, a.content_update_time,
         a.correction_count, 0 AS word_count, r.head, '[]' AS body
  FROM articles a
  JOIN article_revisions r ON r.article_id = a.id AND r.revision = a.published_revision
  WHERE a.id = $1 AND a.state = 'RETRACTED' AND a.delete_time IS NULL)sql";

constexpr char kLoadPage[] = R"sql(
  SELECT p.publish_time, p.article_id
  FROM published_articles p
  WHERE ($1 = '' OR p.language_code = $1)
    AND ($2::timestamptz IS NULL OR (p.publish_time, p.article_id) < ($2::timestamptz, $3::text))
  ORDER BY p.publish_time DESC, p.article_id DESC
  LIMIT $4)sql";

constexpr char kLoadPageOfSection[] = R"sql(
  SELECT p.publish_time, p.article_id
  FROM published_articles p
  WHERE p.section_id = $5
    AND ($1 = '' OR p.language_code = $1)
    AND ($2::timestamptz IS NULL OR (p.publish_time, p.article_id) < ($2::timestamptz, $3::text))
  ORDER BY p.publish_time DESC, p.article_id DESC
  LIMIT $4)sql";

constexpr char kLoadPageOfTag[] = R"sql(
  SELECT t.publish_time, t.article_id
  FROM published_article_tags t
  JOIN published_articles p ON p.article_id = t.article_id
  WHERE t.tag_id = $5
    AND ($6 = '' OR p.section_id = $6)
    AND ($1 = '' OR p.language_code = $1)
    AND ($2::timestamptz IS NULL OR (t.publish_time, t.article_id) < ($2::timestamptz, $3::text))
  ORDER BY t.publish_time DESC, t.article_id DESC
  LIMIT $4)sql";

LiveArticle ReadLiveArticle(const pqxx::row& row) {
  LiveArticle live;
  Article& article = live.article;
  article.id = row["id"].as<std::string>();
  article.uid = row["uid"].as<std::string>();
  article.language_code = row["language_code"].as<std::string>();
  article.state = Article::State::kPublished;
  article.version = row["version"].as<int64_t>();
  article.published_revision = row["published_revision"].as<int64_t>();
  article.published_slug = row["published_slug"].as<std::string>();
  article.publish_time = row["publish_time"].as<absl::Time>();
  article.content_update_time = row["content_update_time"].as<absl::Time>();
  article.correction_count = row["correction_count"].as<int32_t>();
  article.word_count = row["word_count"].as<int32_t>();
  article.content = HeadFromJson(row["head"].as<std::string>());
  article.content.body = BodyFromJson(row["body"].as<std::string>());
  return live;
}

template <typename Resource>
std::map<std::string, Resource> ById(std::vector<Resource> resources) {
  std::map<std::string, Resource> by_id;
  for (Resource& resource : resources) by_id.emplace(resource.id, std::move(resource));
  return by_id;
}

std::vector<std::string> ToVector(const std::set<std::string>& ids) { return {ids.begin(), ids.end()}; }

// Loads what the articles refer to, each resource once.
void LoadSurroundings(db::Transaction& tx, std::vector<LiveArticle>& articles) {
  std::set<std::string> section_ids;
  std::set<std::string> tag_ids;
  std::set<std::string> contributor_ids;
  for (const LiveArticle& live : articles) {
    const Content& content = live.article.content;
    section_ids.insert(content.section_id);
    tag_ids.insert(content.tag_ids.begin(), content.tag_ids.end());
    for (const Byline& byline : content.bylines) contributor_ids.insert(byline.contributor_id);
  }
  const auto sections = ById(LoadTopics(tx, Topic::Kind::kSection, ToVector(section_ids)));
  const auto tags = ById(LoadTopics(tx, Topic::Kind::kTag, ToVector(tag_ids)));
  const auto contributors = ById(LoadContributors(tx, ToVector(contributor_ids)));
  for (LiveArticle& live : articles) {
    const Content& content = live.article.content;
    live.section = sections.at(content.section_id);
    for (const std::string& id : content.tag_ids) live.tags.push_back(tags.at(id));
    for (const Byline& byline : content.bylines)
      live.bylines.push_back({byline, contributors.at(byline.contributor_id)});
  }
}

}  // namespace

std::optional<PathHolder> LoadPathHolder(db::Transaction& tx, const std::string& language_code,
                                         const std::string& slug) {
  const pqxx::result rows = tx.Query(kLoadPathHolder, language_code, slug);
  if (rows.empty()) return std::nullopt;
  return PathHolder{rows[0][0].as<std::string>(), rows[0][1].as<std::string>()};
}

std::vector<LiveArticle> LoadLiveArticles(db::Transaction& tx, const std::vector<std::string>& ids, Bodies bodies) {
  std::map<std::string, LiveArticle> loaded;
  const pqxx::result rows = tx.Query(kLoadLiveArticles, db::TextArray(ids), bodies == Bodies::kAll);
  for (const pqxx::row& row : rows) loaded.emplace(row["id"].as<std::string>(), ReadLiveArticle(row));
  std::vector<LiveArticle> articles;
  for (const std::string& id : ids) {
    const auto found = loaded.find(id);
    if (found != loaded.end()) articles.push_back(found->second);
  }
  LoadSurroundings(tx, articles);
  for (LiveArticle& live : articles) {
    const bool shown = bodies == Bodies::kAll && live.article.correction_count > 0;
    if (shown) live.corrections = LoadPublicCorrections(tx, live.article.id);
  }
  return articles;
}

std::optional<LiveArticle> LoadRetracted(db::Transaction& tx, const std::string& id) {
  const pqxx::result rows = tx.Query(kLoadRetracted, id);
  if (rows.empty()) return std::nullopt;
  std::vector<LiveArticle> loaded = {ReadLiveArticle(rows[0])};
  LoadSurroundings(tx, loaded);
  Article& article = loaded[0].article;
  article.state = Article::State::kRetracted;
  article.retraction = LoadArticle(tx, id)->retraction;
  // Nothing of what was retracted is told once more, to anybody.
  article.content.dek.clear();
  article.content.lead_image.reset();
  article.content.access = {};
  return std::move(loaded[0]);
}

std::vector<PublishedPosition> LoadPublishedPage(db::Transaction& tx, const PublishedFilter& filter,
                                                 const std::optional<PublishedPosition>& after, int limit) {
  const std::optional<absl::Time> time = after ? std::optional(after->publish_time) : std::nullopt;
  const std::string id = after ? after->id : "";
  const pqxx::result rows = !filter.tag_id.empty() ? tx.Query(kLoadPageOfTag, filter.language_code, time, id, limit,
                                                              filter.tag_id, filter.section_id)
                            : !filter.section_id.empty()
                                ? tx.Query(kLoadPageOfSection, filter.language_code, time, id, limit, filter.section_id)
                                : tx.Query(kLoadPage, filter.language_code, time, id, limit);
  std::vector<PublishedPosition> page;
  for (const pqxx::row& row : rows) page.push_back({row[0].as<absl::Time>(), row[1].as<std::string>()});
  return page;
}

}  // namespace masthead::articles
