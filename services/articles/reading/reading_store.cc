#include "services/articles/reading/reading_store.h"

#include <iterator>
#include <map>
#include <set>
#include <utility>

#include "absl/algorithm/container.h"
#include "services/articles/article/article_store.h"
#include "services/articles/article/content_json.h"
#include "services/articles/article/translation_store.h"
#include "services/articles/article/workflow_json.h"
#include "services/articles/corrections/correction_store.h"
#include "services/articles/taxonomy/contributor_store.h"
#include "services/articles/taxonomy/section_store.h"
#include "services/articles/taxonomy/tag_store.h"

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
         a.correction_count, a.translation_set, r.word_count, r.head, CASE WHEN $2 OR r.head->>'dek' = '' THEN r.body ELSE '[]' END AS body
  FROM published_articles p
  JOIN articles a ON a.id = p.article_id
  JOIN article_revisions r ON r.article_id = p.article_id AND r.revision = p.revision
  WHERE p.article_id = ANY ($1::text[]))sql";

constexpr char kLoadRetracted[] = R"sql(
  SELECT a.id, a.uid, a.language_code, a.version, a.published_revision, a.published_slug, a.publish_time, a.content_update_time,
         a.correction_count, a.translation_set, a.retraction, 0 AS word_count, r.head, '[]' AS body
  FROM articles a
  JOIN article_revisions r ON r.article_id = a.id AND r.revision = a.published_revision
  WHERE a.id = ANY ($1::text[]) AND a.state = 'RETRACTED' AND a.delete_time IS NULL)sql";

// Of a deleted article, or of one that is not even kept any more. Asked only where no public article is.
constexpr char kIsGone[] = R"sql(
  SELECT 1
  FROM gone_paths g
  LEFT JOIN articles a ON a.id = g.article_id
  WHERE g.language_code = $1 AND g.slug = $2 AND (a.id IS NULL OR a.delete_time IS NOT NULL))sql";

constexpr char kLoadPublic[] = R"sql(
  SELECT article_id
  FROM published_articles
  WHERE article_id = ANY ($1::text[]))sql";

// Bounded: the latest 100 of each tag and of the section, however many there are.
constexpr char kLoadRelated[] = R"sql(
  WITH wanted AS (
    SELECT tag_id
    FROM published_article_tags
    WHERE article_id = $1
  ), sharing AS (
    SELECT latest.article_id
    FROM wanted w
    CROSS JOIN LATERAL (
      SELECT t.article_id
      FROM published_article_tags t
      WHERE t.tag_id = w.tag_id
      ORDER BY t.publish_time DESC, t.article_id DESC
      LIMIT 100
    ) latest
  ), of_section AS (
    SELECT p.article_id
    FROM published_articles p
    WHERE p.section_id = (SELECT section_id FROM published_articles WHERE article_id = $1)
    ORDER BY p.publish_time DESC, p.article_id DESC
    LIMIT 100
  ), candidates AS (
    SELECT article_id, count(*) FILTER (WHERE by_tag) AS shared_tags
    FROM (SELECT article_id, true AS by_tag FROM sharing UNION ALL SELECT article_id, false FROM of_section) found
    GROUP BY article_id
  )
  SELECT p.article_id
  FROM candidates c
  JOIN published_articles p ON p.article_id = c.article_id
  JOIN published_articles self ON self.article_id = $1
  WHERE p.article_id <> $1 AND p.language_code = self.language_code
  ORDER BY c.shared_tags DESC, p.section_id = self.section_id DESC, p.publish_time DESC, p.article_id DESC
  LIMIT $2)sql";

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
  article.translation_set_id = row["translation_set"].as<std::string>("");
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

// The tags that readers see for `ids`: those that others were merged into, in their place.
std::map<std::string, Tag> LoadShownTags(db::Transaction& tx, const std::vector<std::string>& ids) {
  std::map<std::string, Tag> tags = ById(LoadTags(tx, ids));
  std::vector<std::string> target_ids;
  for (const auto& [id, tag] : tags) {
    if (!tag.merged_into_id.empty()) target_ids.push_back(tag.merged_into_id);
  }
  if (target_ids.empty()) return tags;
  const std::map<std::string, Tag> targets = ById(LoadTags(tx, target_ids));
  for (auto& [id, tag] : tags) {
    if (!tag.merged_into_id.empty()) tag = targets.at(tag.merged_into_id);
  }
  return tags;
}

// In order, each once.
std::vector<Tag> ShownTags(const std::vector<std::string>& ids, const std::map<std::string, Tag>& tags) {
  std::vector<Tag> shown;
  std::set<std::string> seen;
  for (const std::string& id : ids) {
    const Tag& tag = tags.at(id);
    if (seen.insert(tag.id).second) shown.push_back(tag);
  }
  return shown;
}

// The same stories in other languages.
void LoadTranslationsOf(db::Transaction& tx, std::vector<LiveArticle>& articles) {
  std::set<std::string> set_ids;
  for (const LiveArticle& live : articles) set_ids.insert(live.article.translation_set_id);
  set_ids.erase("");
  const auto sets = LoadPublicTranslations(tx, ToVector(set_ids));
  for (LiveArticle& live : articles) {
    const auto set = sets.find(live.article.translation_set_id);
    if (set == sets.end()) continue;
    absl::c_copy_if(set->second, std::back_inserter(live.translations),
                    [&](const PublicTranslation& other) { return other.article_id != live.article.id; });
  }
}

// Loads what the articles refer to, each resource once.
void LoadSurroundings(db::Transaction& tx, std::vector<LiveArticle>& articles) {
  LoadTranslationsOf(tx, articles);
  std::set<std::string> section_ids;
  std::set<std::string> tag_ids;
  std::set<std::string> contributor_ids;
  for (const LiveArticle& live : articles) {
    const Content& content = live.article.content;
    section_ids.insert(content.section_id);
    tag_ids.insert(content.tag_ids.begin(), content.tag_ids.end());
    for (const Byline& byline : content.bylines) contributor_ids.insert(byline.contributor_id);
  }
  const auto sections = ById(LoadSections(tx, ToVector(section_ids)));
  const std::map<std::string, Tag> tags = LoadShownTags(tx, ToVector(tag_ids));
  const auto contributors = ById(LoadContributors(tx, ToVector(contributor_ids)));
  for (LiveArticle& live : articles) {
    const Content& content = live.article.content;
    // A draft may have no section yet.
    if (const auto section = sections.find(content.section_id); section != sections.end()) {
      live.section = section->second;
    }
    live.tags = ShownTags(content.tag_ids, tags);
    for (const Byline& byline : content.bylines)
      live.bylines.push_back({byline, contributors.at(byline.contributor_id)});
  }
}

void CollectRelated(const std::vector<Block>& blocks, std::vector<std::string>& ids) {
  for (const Block& block : blocks) {
    if (const auto* related = std::get_if<Related>(&block.kind)) {
      ids.insert(ids.end(), related->article_ids.begin(), related->article_ids.end());
    } else if (const auto* gated = std::get_if<GatedBlocks>(&block.kind)) {
      CollectRelated(gated->blocks, ids);
    }
  }
}

// Leaves of the related articles those in `known`, and no empty block.
void KeepRelated(const std::set<std::string>& known, std::vector<Block>& blocks) {
  for (Block& block : blocks) {
    if (auto* related = std::get_if<Related>(&block.kind)) {
      std::erase_if(related->article_ids, [&](const std::string& id) { return known.count(id) == 0; });
    } else if (auto* gated = std::get_if<GatedBlocks>(&block.kind)) {
      KeepRelated(known, gated->blocks);
    }
  }
  std::erase_if(blocks, [](const Block& block) {
    const auto* related = std::get_if<Related>(&block.kind);
    return related != nullptr && related->article_ids.empty();
  });
}

void HideUnpublished(db::Transaction& tx, std::vector<LiveArticle>& articles) {
  std::vector<std::vector<Block>*> bodies;
  for (LiveArticle& live : articles) {
    CollectRelated(live.article.content.body, live.related_ids);
    bodies.push_back(&live.article.content.body);
  }
  HideUnpublished(tx, bodies);
}

// Those that stand, to the articles that have any.
void LoadCorrectionsOf(db::Transaction& tx, std::vector<LiveArticle>& articles) {
  std::vector<std::string> corrected_ids;
  for (const LiveArticle& live : articles) {
    if (live.article.correction_count > 0) corrected_ids.push_back(live.article.id);
  }
  if (corrected_ids.empty()) return;
  std::map<std::string, std::vector<Correction>> corrections = LoadPublicCorrections(tx, corrected_ids);
  for (LiveArticle& live : articles) {
    if (const auto found = corrections.find(live.article.id); found != corrections.end()) {
      live.corrections = std::move(found->second);
    }
  }
}

}  // namespace

std::set<std::string> LoadPublic(db::Transaction& tx, const std::vector<std::string>& ids) {
  std::set<std::string> found;
  if (ids.empty()) return found;
  const pqxx::result rows = tx.Query(kLoadPublic, db::TextArray(ids));
  for (const pqxx::row& row : rows) found.insert(row[0].as<std::string>());
  return found;
}

void HideUnpublished(db::Transaction& tx, const std::vector<std::vector<Block>*>& bodies) {
  std::vector<std::string> mentioned;
  for (const std::vector<Block>* body : bodies) CollectRelated(*body, mentioned);
  if (mentioned.empty()) return;
  const std::set<std::string> known = LoadPublic(tx, mentioned);
  for (std::vector<Block>* body : bodies) KeepRelated(known, *body);
}

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
  HideUnpublished(tx, articles);
  LoadSurroundings(tx, articles);
  if (bodies == Bodies::kAll) LoadCorrectionsOf(tx, articles);
  return articles;
}

std::vector<LiveArticle> LoadRetracted(db::Transaction& tx, const std::vector<std::string>& ids) {
  std::vector<LiveArticle> articles;
  if (ids.empty()) return articles;
  for (const pqxx::row& row : tx.Query(kLoadRetracted, db::TextArray(ids))) {
    Article& article = articles.emplace_back(ReadLiveArticle(row)).article;
    article.state = Article::State::kRetracted;
    article.retraction = RetractionFromJson(row["retraction"].as<std::string>());
    // Nothing of what was retracted is told once more, to anybody.
    article.content.dek.clear();
    article.content.lead_image.reset();
    article.content.access = {};
  }
  LoadSurroundings(tx, articles);
  return articles;
}

bool IsGone(db::Transaction& tx, const std::string& language_code, const std::string& slug) {
  return !tx.Query(kIsGone, language_code, slug).empty();
}

std::optional<LiveArticle> LoadPreview(db::Transaction& tx, const std::string& id, int64_t revision) {
  std::optional<Article> article = LoadArticle(tx, id);
  if (!article.has_value()) return std::nullopt;
  if (revision != 0 && !LoadContent(tx, *article, revision)) return std::nullopt;
  std::vector<LiveArticle> shown(1);
  article->published_revision = revision == 0 ? article->revision : revision;
  article->published_slug = article->content.slug;
  shown[0].article = *std::move(article);
  HideUnpublished(tx, shown);
  LoadSurroundings(tx, shown);
  return std::move(shown[0]);
}

std::optional<std::vector<std::string>> LoadRelated(db::Transaction& tx, const std::string& id, int limit) {
  if (LoadPublic(tx, {id}).empty()) return std::nullopt;
  std::vector<std::string> ids;
  const pqxx::result rows = tx.Query(kLoadRelated, id, limit);
  for (const pqxx::row& row : rows) ids.push_back(row[0].as<std::string>());
  return ids;
}

}  // namespace masthead::articles
