#include "services/articles/publishing/announcements.h"

#include <string>
#include <utility>
#include <vector>

#include "absl/algorithm/container.h"
#include "absl/strings/str_cat.h"
#include "common/resource/timestamp.h"
#include "services/articles/article/content_proto.h"

namespace masthead::articles {
namespace {

// What pages that were kept may show of `former` and no longer should.
std::vector<std::string> FormerKeys(const Article& article, const Content& former) {
  std::vector<std::string> keys;
  const Content& content = article.content;
  std::vector<std::string> former_sections = {former.section_id};
  former_sections.insert(former_sections.end(), former.additional_section_ids.begin(),
                         former.additional_section_ids.end());
  for (const std::string& id : former_sections) {
    const bool remains = id == content.section_id || absl::c_linear_search(content.additional_section_ids, id);
    if (!remains) keys.push_back(SectionName(id));
  }
  for (const std::string& id : former.tag_ids) {
    if (!absl::c_linear_search(content.tag_ids, id)) keys.push_back(TagName(id));
  }
  for (const Byline& byline : former.bylines) {
    const bool remains = absl::c_any_of(
        content.bylines, [&](const Byline& other) { return other.contributor_id == byline.contributor_id; });
    if (!remains) keys.push_back(ContributorName(byline.contributor_id));
  }
  if (former.slug != content.slug) {
    keys.push_back(absl::StrCat("path:", UrlPath(article.language_code, former.slug)));
  }
  return keys;
}

void Tell(db::Transaction& tx, Announcer& announcer, const std::string& type, const Article& article, absl::Time now,
          v1::Event event) {
  announcer.Announce(tx, type, ArticleName(article.id), article.version, now, std::move(event));
}

}  // namespace

v1::ArticleFacts Facts(const Article& article, absl::Time now) {
  v1::ArticleFacts facts;
  const Content& content = article.content;
  facts.set_article(ArticleName(article.id));
  facts.set_article_revision(article.published_revision);
  facts.set_language_code(article.language_code);
  facts.set_section(SectionName(content.section_id));
  for (const std::string& id : content.additional_section_ids) facts.add_additional_sections(SectionName(id));
  for (const std::string& id : content.tag_ids) facts.add_tags(TagName(id));
  for (const Byline& byline : content.bylines) facts.add_contributors(ContributorName(byline.contributor_id));
  facts.set_breaking(content.breaking_until.has_value() && *content.breaking_until > now);
  facts.set_access_level(ToProto(content.access.level));
  for (const std::string& plan : content.access.plans) facts.add_plans(plan);
  facts.set_url_path(UrlPath(article.language_code, article.published_slug));
  for (const Translation& other : article.translations) {
    if (other.is_public) facts.add_translations(ArticleName(other.article_id));
  }
  if (article.publish_time) *facts.mutable_publish_time() = resource::ToTimestamp(*article.publish_time);
  return facts;
}

void AnnouncePublication(db::Transaction& tx, Announcer& announcer, const Article& article,
                         const Publication& publication, const Content* former, absl::Time now) {
  v1::Event event;
  const std::vector<std::string> former_keys =
      former != nullptr ? FormerKeys(article, *former) : std::vector<std::string>();
  if (publication.outcome == Outcome::kUpdated) {
    v1::ArticleUpdated& updated = *event.mutable_article_updated();
    *updated.mutable_facts() = Facts(article, now);
    updated.set_substantive(publication.substantive);
    updated.set_imported(publication.imported);
    for (const std::string& key : former_keys) updated.add_former_keys(key);
    Tell(tx, announcer, "article.updated", article, now, std::move(event));
    return;
  }
  v1::ArticlePublished& published = *event.mutable_article_published();
  *published.mutable_facts() = Facts(article, now);
  published.set_first_publication(former == nullptr);
  published.set_imported(publication.imported);
  if (publication.scheduled_time) {
    *published.mutable_scheduled_time() = resource::ToTimestamp(*publication.scheduled_time);
  }
  for (const std::string& key : former_keys) published.add_former_keys(key);
  Tell(tx, announcer, "article.published", article, now, std::move(event));
}

void AnnounceUnpublished(db::Transaction& tx, Announcer& announcer, const Article& article, absl::Time now) {
  v1::Event event;
  *event.mutable_article_unpublished()->mutable_facts() = Facts(article, now);
  Tell(tx, announcer, "article.unpublished", article, now, std::move(event));
}

void AnnounceRetracted(db::Transaction& tx, Announcer& announcer, const Article& article, absl::Time now) {
  v1::Event event;
  *event.mutable_article_retracted()->mutable_facts() = Facts(article, now);
  Tell(tx, announcer, "article.retracted", article, now, std::move(event));
}

void AnnounceReinstated(db::Transaction& tx, Announcer& announcer, const Article& article, absl::Time now) {
  v1::Event event;
  *event.mutable_article_reinstated()->mutable_facts() = Facts(article, now);
  Tell(tx, announcer, "article.reinstated", article, now, std::move(event));
}

}  // namespace masthead::articles
