#include "services/articles/publishing/announcements.h"

#include <utility>

#include "absl/algorithm/container.h"
#include "absl/strings/str_cat.h"
#include "common/resource/timestamp.h"
#include "services/articles/article/content_proto.h"

namespace masthead::articles {
namespace {

// The article's content is the published one.
v1::ArticleFacts Facts(const Article& article, absl::Time now) {
  v1::ArticleFacts facts;
  const Content& content = article.content;
  facts.set_article(ArticleName(article.id));
  facts.set_article_revision(article.published_revision);
  facts.set_language_code(article.language_code);
  facts.set_section(SectionName(content.section_id));
  for (const std::string& id : content.tag_ids) facts.add_tags(TagName(id));
  for (const Byline& byline : content.bylines) facts.add_contributors(ContributorName(byline.contributor_id));
  facts.set_breaking(content.breaking_until.has_value() && *content.breaking_until > now);
  facts.set_access_level(ToProto(content.access.level));
  for (const std::string& plan : content.access.plans) facts.add_plans(plan);
  facts.set_url_path(UrlPath(article.language_code, article.published_slug));
  if (article.publish_time) *facts.mutable_publish_time() = resource::ToTimestamp(*article.publish_time);
  return facts;
}

}  // namespace

void AnnouncePublished(db::Transaction& tx, Announcer& announcer, const Article& article, bool first_publication,
                       absl::Time now) {
  v1::Event event;
  *event.mutable_article_published()->mutable_facts() = Facts(article, now);
  event.mutable_article_published()->set_first_publication(first_publication);
  if (first_publication && article.schedule) {
    *event.mutable_article_published()->mutable_scheduled_time() =
        resource::ToTimestamp(article.schedule->publish_time);
  }
  announcer.Announce(tx, "article.published", ArticleName(article.id), article.version, now, std::move(event));
}

void AnnounceUpdated(db::Transaction& tx, Announcer& announcer, const Article& article, const Content& former,
                     bool substantive, absl::Time now) {
  v1::Event event;
  v1::ArticleUpdated& updated = *event.mutable_article_updated();
  *updated.mutable_facts() = Facts(article, now);
  updated.set_substantive(substantive);
  const Content& content = article.content;
  if (former.section_id != content.section_id) updated.add_former_keys(SectionName(former.section_id));
  for (const std::string& id : former.tag_ids) {
    if (!absl::c_linear_search(content.tag_ids, id)) updated.add_former_keys(TagName(id));
  }
  if (former.slug != content.slug) {
    updated.add_former_keys(absl::StrCat("path:", UrlPath(article.language_code, former.slug)));
  }
  announcer.Announce(tx, "article.updated", ArticleName(article.id), article.version, now, std::move(event));
}

void AnnounceUnpublished(db::Transaction& tx, Announcer& announcer, const Article& article, absl::Time now) {
  v1::Event event;
  *event.mutable_article_unpublished()->mutable_facts() = Facts(article, now);
  announcer.Announce(tx, "article.unpublished", ArticleName(article.id), article.version, now, std::move(event));
}

}  // namespace masthead::articles
