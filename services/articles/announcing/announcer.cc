#include "services/articles/announcing/announcer.h"

#include <utility>

#include "absl/algorithm/container.h"
#include "absl/strings/str_cat.h"
#include "common/failpoint/failpoint.h"
#include "common/ids/uuid.h"
#include "common/telemetry/trace.h"
#include "services/articles/editing/article_proto.h"
#include "services/articles/taxonomy/taxonomy_proto.h"

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
  if (article.publish_time) *facts.mutable_publish_time() = ToProto(*article.publish_time);
  return facts;
}

}  // namespace

Announcer::Announcer(events::Feed& feed, std::function<void(const v1::Event&)> after_commit)
    : feed_(feed), after_commit_(std::move(after_commit)) {}

void Announcer::ArticlePublished(db::Transaction& tx, const Article& article, bool first_publication, absl::Time now) {
  v1::Event event;
  *event.mutable_article_published()->mutable_facts() = Facts(article, now);
  event.mutable_article_published()->set_first_publication(first_publication);
  if (first_publication && article.schedule) {
    *event.mutable_article_published()->mutable_scheduled_time() = ToProto(article.schedule->publish_time);
  }
  Append(tx, "article.published", ArticleName(article.id), article.version, now, std::move(event));
}

void Announcer::ArticleUpdated(db::Transaction& tx, const Article& article, const Content& former, bool substantive,
                               absl::Time now) {
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
  Append(tx, "article.updated", ArticleName(article.id), article.version, now, std::move(event));
}

void Announcer::ArticleUnpublished(db::Transaction& tx, const Article& article, absl::Time now) {
  v1::Event event;
  *event.mutable_article_unpublished()->mutable_facts() = Facts(article, now);
  Append(tx, "article.unpublished", ArticleName(article.id), article.version, now, std::move(event));
}

void Announcer::ContributorChanged(db::Transaction& tx, const Contributor& contributor, bool created) {
  v1::Event event;
  const std::string name = ContributorName(contributor.id);
  event.mutable_contributor_changed()->set_contributor(name);
  event.mutable_contributor_changed()->set_kind(ToProto(contributor.kind));
  Append(tx, created ? "contributor.created" : "contributor.updated", name, contributor.version,
         contributor.update_time, std::move(event));
}

void Announcer::TopicChanged(db::Transaction& tx, Topic::Kind kind, const Topic& topic, bool created) {
  v1::Event event;
  const bool is_section = kind == Topic::Kind::kSection;
  const std::string name = is_section ? SectionName(topic.id) : TagName(topic.id);
  if (is_section) {
    event.mutable_section_changed()->set_section(name);
    event.mutable_section_changed()->set_display_name(topic.display_name);
    event.mutable_section_changed()->set_slug(topic.slug);
  } else {
    event.mutable_tag_changed()->set_tag(name);
    event.mutable_tag_changed()->set_display_name(topic.display_name);
    event.mutable_tag_changed()->set_slug(topic.slug);
  }
  const std::string type = absl::StrCat(is_section ? "section" : "tag", created ? ".created" : ".updated");
  Append(tx, type, name, topic.version, topic.update_time, std::move(event));
}

void Announcer::Append(db::Transaction& tx, const std::string& type, const std::string& resource, int64_t revision,
                       absl::Time now, v1::Event event) {
  event.set_event_id(ids::NewUuid());
  *event.mutable_event_time() = ToProto(now);
  event.set_type(type);
  event.set_resource(resource);
  event.set_revision(revision);
  event.set_traceparent(telemetry::CurrentTrace().ToTraceparent());
  feed_.Append(tx, {.event_id = event.event_id(),
                    .type = type,
                    .resource = resource,
                    .revision = revision,
                    .traceparent = event.traceparent(),
                    .payload = event.SerializeAsString()});
  failpoint::Hit("articles.publish.appended");
  tx.AfterCommit([this, event = std::move(event)] { after_commit_(event); });
}

}  // namespace masthead::articles
