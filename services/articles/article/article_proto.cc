#include "services/articles/article/article_proto.h"

#include <array>
#include <functional>
#include <optional>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/resource/etag.h"
#include "common/resource/name.h"
#include "common/resource/timestamp.h"
#include "services/articles/article/block_proto.h"
#include "services/articles/article/words.h"

namespace masthead::articles {
namespace {

constexpr std::array<absl::string_view, 12> kMutableFields = {"headline", "kicker",         "dek",        "slug",
                                                              "body",     "bylines",        "dateline",   "section",
                                                              "tags",     "breaking_until", "lead_image", "access"};

v1::Article::State ToProto(Article::State state) {
  switch (state) {
    case Article::State::kDraft:
      return v1::Article::DRAFT;
    case Article::State::kScheduled:
      return v1::Article::SCHEDULED;
    case Article::State::kPublished:
      return v1::Article::PUBLISHED;
    case Article::State::kUnpublished:
      return v1::Article::UNPUBLISHED;
  }
  return v1::Article::STATE_UNSPECIFIED;
}

v1::Schedule ToProto(const Schedule& schedule) {
  v1::Schedule proto;
  *proto.mutable_publish_time() = resource::ToTimestamp(schedule.publish_time);
  proto.set_time_zone(schedule.time_zone);
  proto.set_local_publish_time(schedule.local_publish_time);
  proto.set_local_time_repeats(schedule.local_time_repeats);
  proto.set_revision(schedule.revision);
  return proto;
}

v1::Access ToProto(const Access& access) {
  v1::Access proto;
  proto.set_level(articles::ToProto(access.level));
  for (const std::string& plan : access.plans) proto.add_plans(plan);
  proto.set_preview_paragraphs(access.preview_paragraphs);
  return proto;
}

void ContentToProto(const Content& content, v1::ArticleView view, v1::Article& proto) {
  proto.set_headline(content.headline);
  proto.set_kicker(content.kicker);
  proto.set_dek(content.dek);
  proto.set_slug(content.slug);
  if (view != v1::ARTICLE_VIEW_BASIC) {
    for (const Block& block : content.body) *proto.add_body() = articles::ToProto(block);
  }
  for (const Byline& byline : content.bylines) {
    v1::Byline& added = *proto.add_bylines();
    added.set_contributor(ContributorName(byline.contributor_id));
    added.set_role(articles::ToProto(byline.role));
    added.set_display_name_override(byline.display_name_override);
  }
  if (content.dateline) *proto.mutable_dateline() = articles::ToProto(*content.dateline);
  if (!content.section_id.empty()) proto.set_section(SectionName(content.section_id));
  for (const std::string& id : content.tag_ids) proto.add_tags(TagName(id));
  if (content.breaking_until) *proto.mutable_breaking_until() = resource::ToTimestamp(*content.breaking_until);
  if (content.lead_image) *proto.mutable_lead_image() = articles::ToProto(*content.lead_image);
  *proto.mutable_access() = ToProto(content.access);
}

void SetIfKnown(const std::optional<absl::Time>& time, std::function<google::protobuf::Timestamp*()> field) {
  if (time) *field() = resource::ToTimestamp(*time);
}

// The ID in a name like `sections/*`; a violation, and empty, for anything else.
std::string ParseId(absl::string_view field, const std::string& name, absl::string_view pattern,
                    FieldViolations& violations) {
  const std::optional<std::vector<std::string>> ids = resource::ParseName(name, pattern);
  if (ids.has_value()) return ids->front();
  violations.Add(field, absl::StrCat("is no name ", pattern));
  return "";
}

Byline ParseByline(const std::string& field, const v1::Byline& proto, FieldViolations& violations) {
  Byline byline;
  byline.contributor_id =
      ParseId(absl::StrCat(field, ".contributor"), proto.contributor(), "contributors/*", violations);
  byline.display_name_override = proto.display_name_override();
  switch (proto.role()) {
    case v1::Byline::ROLE_UNSPECIFIED:
    case v1::Byline::AUTHOR:
      byline.role = Byline::Role::kAuthor;
      break;
    case v1::Byline::EDITOR:
      byline.role = Byline::Role::kEditor;
      break;
    case v1::Byline::PHOTOGRAPHER:
      byline.role = Byline::Role::kPhotographer;
      break;
    case v1::Byline::TRANSLATOR:
      byline.role = Byline::Role::kTranslator;
      break;
    case v1::Byline::REPORTING:
      byline.role = Byline::Role::kReporting;
      break;
    default:
      violations.Add(absl::StrCat(field, ".role"), "is no role that this server knows");
  }
  return byline;
}

Access ParseAccess(const v1::Access& proto, FieldViolations& violations) {
  Access access;
  access.preview_paragraphs = proto.preview_paragraphs();
  switch (proto.level()) {
    case v1::Access::LEVEL_UNSPECIFIED:
    case v1::Access::PUBLIC:
      access.level = Access::Level::kPublic;
      break;
    case v1::Access::REGISTERED:
      access.level = Access::Level::kRegistered;
      break;
    case v1::Access::PLANS:
      access.level = Access::Level::kPlans;
      break;
    default:
      violations.Add("article.access.level", "is no level that this server knows");
  }
  for (int i = 0; i < proto.plans_size(); ++i) {
    ParseId(absl::StrCat("article.access.plans[", i, "]"), proto.plans(i), "tiers/*", violations);
    access.plans.push_back(proto.plans(i));
  }
  return access;
}

void ParseBylines(const v1::Article& proto, Content& content, FieldViolations& violations) {
  content.bylines.clear();
  for (int i = 0; i < proto.bylines_size(); ++i) {
    content.bylines.push_back(ParseByline(absl::StrCat("article.bylines[", i, "]"), proto.bylines(i), violations));
  }
}

void ParseTags(const v1::Article& proto, Content& content, FieldViolations& violations) {
  content.tag_ids.clear();
  for (int i = 0; i < proto.tags_size(); ++i) {
    content.tag_ids.push_back(ParseId(absl::StrCat("article.tags[", i, "]"), proto.tags(i), "tags/*", violations));
  }
}

}  // namespace

v1::Byline::Role ToProto(Byline::Role role) {
  switch (role) {
    case Byline::Role::kAuthor:
      return v1::Byline::AUTHOR;
    case Byline::Role::kEditor:
      return v1::Byline::EDITOR;
    case Byline::Role::kPhotographer:
      return v1::Byline::PHOTOGRAPHER;
    case Byline::Role::kTranslator:
      return v1::Byline::TRANSLATOR;
    case Byline::Role::kReporting:
      return v1::Byline::REPORTING;
  }
  return v1::Byline::ROLE_UNSPECIFIED;
}

v1::Access::Level ToProto(Access::Level level) {
  switch (level) {
    case Access::Level::kPublic:
      return v1::Access::PUBLIC;
    case Access::Level::kRegistered:
      return v1::Access::REGISTERED;
    case Access::Level::kPlans:
      return v1::Access::PLANS;
  }
  return v1::Access::LEVEL_UNSPECIFIED;
}

v1::Dateline ToProto(const Dateline& dateline) {
  v1::Dateline proto;
  proto.set_place(dateline.place);
  proto.set_date(dateline.date);
  return proto;
}

v1::Article ToProto(const Article& article, v1::ArticleView view) {
  v1::Article proto;
  proto.set_name(ArticleName(article.id));
  proto.set_uid(article.uid);
  proto.set_etag(resource::Etag(article.version));
  *proto.mutable_create_time() = resource::ToTimestamp(article.create_time);
  *proto.mutable_update_time() = resource::ToTimestamp(article.update_time);
  SetIfKnown(article.delete_time, [&] { return proto.mutable_delete_time(); });
  ContentToProto(article.content, view, proto);
  proto.set_language_code(article.language_code);
  SetIfKnown(article.publish_time, [&] { return proto.mutable_publish_time(); });
  SetIfKnown(article.content_update_time, [&] { return proto.mutable_content_update_time(); });
  proto.set_state(ToProto(article.state));
  if (article.schedule) *proto.mutable_schedule() = ToProto(*article.schedule);
  proto.set_revision(article.revision);
  proto.set_published_revision(article.published_revision);
  proto.set_has_unpublished_changes(HasUnpublishedChanges(article));
  proto.set_word_count(article.word_count);
  proto.set_reading_seconds(ReadingSeconds(article.word_count));
  proto.set_url_path(UrlPath(article.language_code, article.content.slug));
  return proto;
}

v1::ArticleRevision ToProto(const Article& article, const Revision& revision) {
  v1::ArticleRevision proto;
  proto.set_name(absl::StrCat(ArticleName(article.id), "/revisions/", revision.number));
  *proto.mutable_create_time() = resource::ToTimestamp(revision.create_time);
  proto.set_editor(revision.editor);
  v1::Article& snapshot = *proto.mutable_snapshot();
  snapshot.set_name(ArticleName(article.id));
  snapshot.set_uid(article.uid);
  ContentToProto(revision.content, v1::ARTICLE_VIEW_FULL, snapshot);
  snapshot.set_language_code(article.language_code);
  snapshot.set_revision(revision.number);
  snapshot.set_word_count(revision.word_count);
  snapshot.set_reading_seconds(ReadingSeconds(revision.word_count));
  snapshot.set_url_path(UrlPath(article.language_code, revision.content.slug));
  return proto;
}

absl::Span<const absl::string_view> MutableFields() { return kMutableFields; }

void ParseContent(const v1::Article& proto, const std::set<std::string>& fields, Content& content,
                  FieldViolations& violations) {
  const auto writes = [&](const char* field) { return fields.count(field) > 0; };
  if (writes("headline")) content.headline = proto.headline();
  if (writes("kicker")) content.kicker = proto.kicker();
  if (writes("dek")) content.dek = proto.dek();
  if (writes("slug")) content.slug = proto.slug();
  if (writes("body")) content.body = ParseBody(proto.body(), violations);
  if (writes("bylines")) ParseBylines(proto, content, violations);
  if (writes("dateline")) {
    content.dateline = proto.has_dateline() ? std::optional(Dateline{proto.dateline().place(), proto.dateline().date()})
                                            : std::nullopt;
  }
  if (writes("section")) {
    content.section_id =
        proto.section().empty() ? "" : ParseId("article.section", proto.section(), "sections/*", violations);
  }
  if (writes("tags")) ParseTags(proto, content, violations);
  if (writes("breaking_until")) {
    content.breaking_until =
        proto.has_breaking_until()
            ? std::optional(resource::ParseTimestamp("article.breaking_until", proto.breaking_until(), violations))
            : std::nullopt;
  }
  if (writes("lead_image")) {
    content.lead_image = proto.has_lead_image() ? std::optional(ParseImage(proto.lead_image())) : std::nullopt;
  }
  if (writes("access")) content.access = ParseAccess(proto.access(), violations);
}

Content WithFieldsOf(Content content, const Content& written, const std::set<std::string>& fields) {
  const auto writes = [&](const char* field) { return fields.count(field) > 0; };
  if (writes("headline")) content.headline = written.headline;
  if (writes("kicker")) content.kicker = written.kicker;
  if (writes("dek")) content.dek = written.dek;
  if (writes("slug")) content.slug = written.slug;
  if (writes("body")) content.body = written.body;
  if (writes("bylines")) content.bylines = written.bylines;
  if (writes("dateline")) content.dateline = written.dateline;
  if (writes("section")) content.section_id = written.section_id;
  if (writes("tags")) content.tag_ids = written.tag_ids;
  if (writes("breaking_until")) content.breaking_until = written.breaking_until;
  if (writes("lead_image")) content.lead_image = written.lead_image;
  if (writes("access")) content.access = written.access;
  return content;
}

}  // namespace masthead::articles
