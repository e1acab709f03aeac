#include "services/articles/reading/reading_proto.h"

#include "absl/algorithm/container.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "common/crypto/mac.h"
#include "common/resource/timestamp.h"
#include "services/articles/article/block_proto.h"
#include "services/articles/article/content_proto.h"
#include "services/articles/article/words.h"
#include "services/articles/article/workflow_proto.h"
#include "services/articles/corrections/correction_proto.h"
#include "services/articles/reading/published_fields_proto.h"
#include "services/articles/redirects/redirect.h"
#include "services/articles/taxonomy/taxonomy_proto.h"

namespace masthead::articles {
namespace {

constexpr int32_t kFound = 200;
constexpr int32_t kNotFound = 404;

const std::string& DisplayName(const CreditedByline& credited) {
  return credited.byline.display_name_override.empty() ? credited.contributor.display_name
                                                       : credited.byline.display_name_override;
}

std::string PathOf(const Article& article) { return UrlPath(article.language_code, article.published_slug); }

v1::ReadAccess::Reason ToProto(Decision decision) {
  switch (decision) {
    case Decision::kOpen:
      return v1::ReadAccess::OPEN;
    case Decision::kEntitled:
      return v1::ReadAccess::ENTITLED;
    case Decision::kRegistrationRequired:
      return v1::ReadAccess::REGISTRATION_REQUIRED;
    case Decision::kGift:
      return v1::ReadAccess::GIFT;
    case Decision::kMembershipRequired:
      return v1::ReadAccess::MEMBERSHIP_REQUIRED;
    case Decision::kPlanRequired:
      return v1::ReadAccess::PLAN_REQUIRED;
    case Decision::kGeoRestricted:
      return v1::ReadAccess::GEO_RESTRICTED;
    case Decision::kEntitlementsUnavailable:
      return v1::ReadAccess::ENTITLEMENTS_UNAVAILABLE;
    case Decision::kMetered:
      return v1::ReadAccess::METERED;
    case Decision::kMeterExhausted:
      return v1::ReadAccess::METER_EXHAUSTED;
  }
  return v1::ReadAccess::REASON_UNSPECIFIED;
}

void AddSurroundings(const LiveArticle& live, v1::PublishedArticle& proto) {
  for (const CreditedByline& credited : live.bylines) {
    v1::PublishedByline& byline = *proto.add_bylines();
    byline.set_contributor(ContributorName(credited.contributor.id));
    byline.set_role(ToProto(credited.byline.role));
    byline.set_kind(ToProto(credited.contributor.kind));
    byline.set_display_name(DisplayName(credited));
    byline.set_biography(credited.contributor.biography);
    byline.set_contact_email(credited.contributor.contact_email);
  }
  if (!live.section.id.empty()) {
    proto.mutable_section()->set_section(SectionName(live.section.id));
    proto.mutable_section()->set_display_name(live.section.display_name);
    proto.mutable_section()->set_slug(live.section.slug);
  }
  for (const Tag& shown : live.tags) {
    v1::PublishedTag& tag = *proto.add_tags();
    tag.set_tag(TagName(shown.id));
    tag.set_display_name(shown.display_name);
    tag.set_slug(shown.slug);
  }
}

// What stands beside the article, or instead of it. Who took it back is the newsroom's affair.
void AddNotes(const LiveArticle& live, v1::PublishedArticle& proto) {
  for (const Correction& correction : live.corrections) *proto.add_corrections() = ToProto(correction);
  if (!live.article.retraction.has_value()) return;
  *proto.mutable_retraction() = ToProto(*live.article.retraction);
  proto.mutable_retraction()->clear_retracted_by();
}

v1::ReadAccess AccessProto(const GatedArticle& article) {
  v1::ReadAccess access;
  access.set_granted(Granted(article.decision()));
  access.set_reason(ToProto(article.decision()));
  access.set_preview_only(!access.granted() && article.decision() != Decision::kGeoRestricted);
  if (article.decision() == Decision::kPlanRequired || article.decision() == Decision::kMeterExhausted) {
    for (const std::string& plan : article.open_part().article.content.access.plans) access.add_plan_options(plan);
  }
  return access;
}

// What stands at a path, without how that may be kept.
struct AtPath {
  v1::ResolvePathResponse operator()(const NothingAtPath&) {
    response_.set_status(kNotFound);
    return response_;
  }
  v1::ResolvePathResponse operator()(const ArticleAtPath& article) {
    response_.set_status(kFound);
    response_.set_article(ArticleName(article.id));
    return response_;
  }
  v1::ResolvePathResponse operator()(const SectionAtPath& section) {
    response_.set_status(kFound);
    response_.set_section(SectionName(section.id));
    return response_;
  }
  v1::ResolvePathResponse operator()(const RedirectAtPath& redirect) {
    response_.set_status(redirect.status);
    response_.mutable_redirect()->set_status(redirect.status);
    response_.mutable_redirect()->set_url_path(redirect.target);
    if (!redirect.article_id.empty()) response_.mutable_redirect()->set_article(ArticleName(redirect.article_id));
    if (!redirect.section_id.empty()) response_.mutable_redirect()->set_section(SectionName(redirect.section_id));
    return response_;
  }
  v1::ResolvePathResponse operator()(const GoneAtPath&) {
    response_.set_status(kGone);
    response_.mutable_gone();
    return response_;
  }

 private:
  v1::ResolvePathResponse response_;
};

// All but for how long. The etag covers all that was set before.
void AddCachePolicy(v1::CachePolicy::Scope scope, const LiveArticle& live, const std::string& path,
                    v1::ReadArticleResponse& response) {
  const std::string etag = EtagOf(response);
  v1::CachePolicy& cache = *response.mutable_cache();
  cache.set_scope(scope);
  cache.add_surrogate_keys(ArticleName(live.article.id));
  for (std::string& shown : ShownResources(live)) cache.add_surrogate_keys(std::move(shown));
  cache.add_surrogate_keys(absl::StrCat("path:", path));
  cache.set_etag(etag);
}

v1::ReadArticleResponse ToUncachedResponse(const GatedArticle& article) {
  v1::ReadArticleResponse response;
  *response.mutable_article() = ToListedProto(article);
  AddNotes(article.open_part(), *response.mutable_article());
  for (const Block& block : article.visible_body()) *response.mutable_article()->add_body() = ToProto(block);
  *response.mutable_access() = AccessProto(article);
  return response;
}

}  // namespace

std::string EtagOf(const google::protobuf::Message& answer) {
  constexpr size_t kEtagBytes = 12;
  const std::string digest = crypto::Sha256(answer.SerializeAsString()).substr(0, kEtagBytes);
  return absl::StrCat("\"", absl::BytesToHexString(digest), "\"");
}

v1::PublishedArticle ToListedProto(const GatedArticle& gated) {
  const LiveArticle& live = gated.open_part();
  const Article& article = live.article;
  const Content& content = article.content;
  v1::PublishedArticle proto;
  proto.set_name(ArticleName(article.id));
  proto.set_revision(article.published_revision);
  proto.set_uid(article.uid);
  proto.set_headline(content.headline);
  proto.set_kicker(content.kicker);
  proto.set_dek(content.dek);
  proto.set_excerpt(gated.excerpt());
  AddSurroundings(live, proto);
  SetPlainFields(content, proto);
  proto.set_language_code(article.language_code);
  for (const PublicTranslation& other : live.translations) {
    v1::PublishedTranslation& translation = *proto.add_translations();
    translation.set_language_code(other.language_code);
    translation.set_article(ArticleName(other.article_id));
    translation.set_url_path(UrlPath(other.language_code, other.slug));
  }
  proto.set_access_level(ToProto(content.access.level));
  for (const std::string& plan : content.access.plans) proto.add_plans(plan);
  if (article.publish_time) *proto.mutable_publish_time() = resource::ToTimestamp(*article.publish_time);
  if (article.content_update_time) {
    *proto.mutable_content_update_time() = resource::ToTimestamp(*article.content_update_time);
  }
  proto.set_word_count(article.word_count);
  proto.set_reading_seconds(ReadingSeconds(article.word_count));
  proto.set_url_path(PathOf(article));
  return proto;
}

v1::ReadArticleResponse ToReadResponse(const GatedArticle& article) {
  v1::ReadArticleResponse response = ToUncachedResponse(article);
  const auto scope = article.admission().is_for_everybody() ? v1::CachePolicy::PUBLIC : v1::CachePolicy::PRIVATE;
  AddCachePolicy(scope, article.open_part(), PathOf(article.open_part().article), response);
  return response;
}

v1::ReadArticleResponse MeterPart(const MeterReading& meter) {
  v1::ReadArticleResponse part;
  v1::ReadMeter& proto = *part.mutable_access()->mutable_meter();
  proto.set_views(meter.views);
  proto.set_views_left(meter.views_left);
  proto.set_max_views(meter.max_views);
  *proto.mutable_reset_time() = resource::ToTimestamp(meter.reset_time);
  return part;
}

v1::ReadArticleResponse ToPreviewResponse(const GatedArticle& article) {
  v1::ReadArticleResponse response = ToUncachedResponse(article);
  response.mutable_cache()->set_scope(v1::CachePolicy::PRIVATE);
  response.set_no_index(true);
  return response;
}

v1::ResolvePathResponse ToProto(const std::string& path, const PathResolution& resolution) {
  v1::ResolvePathResponse response = std::visit(AtPath(), resolution.found);
  const std::string etag = EtagOf(response);
  v1::CachePolicy& cache = *response.mutable_cache();
  cache.set_scope(v1::CachePolicy::PUBLIC);
  cache.mutable_max_age()->set_seconds(absl::ToInt64Seconds(resolution.max_age));
  for (const std::string& name :
       {response.article(), response.section(), response.redirect().article(), response.redirect().section()}) {
    if (!name.empty()) cache.add_surrogate_keys(name);
  }
  cache.add_surrogate_keys(absl::StrCat("path:", path));
  cache.set_etag(etag);
  return response;
}

v1::AlertContent ToAlertProto(const GatedArticle& gated) {
  const LiveArticle& live = gated.open_part();
  const Content& content = live.article.content;
  v1::AlertContent proto;
  proto.set_article(ArticleName(live.article.id));
  proto.set_revision(live.article.published_revision);
  proto.set_headline(content.headline);
  proto.set_kicker(content.kicker);
  proto.set_dek(content.dek);
  proto.set_url_path(PathOf(live.article));
  proto.set_language_code(live.article.language_code);
  proto.set_section(SectionName(live.section.id));
  proto.set_section_display_name(live.section.display_name);
  for (const std::string& id : content.additional_section_ids) proto.add_additional_sections(SectionName(id));
  for (const Tag& tag : live.tags) proto.add_tags(TagName(tag.id));
  std::string personal_email;
  for (const CreditedByline& credited : live.bylines) {
    proto.add_contributors(ContributorName(credited.contributor.id));
    if (credited.byline.role == Byline::Role::kAuthor) proto.add_byline_names(DisplayName(credited));
    const bool is_person = credited.contributor.kind == Contributor::Kind::kPerson;
    std::string& email = is_person ? personal_email : *proto.mutable_contact_email();
    if (email.empty()) email = credited.contributor.contact_email;
  }
  if (proto.contact_email().empty()) proto.set_contact_email(personal_email);
  *proto.mutable_publish_time() = resource::ToTimestamp(*live.article.publish_time);
  if (content.breaking_until) *proto.mutable_breaking_until() = resource::ToTimestamp(*content.breaking_until);
  return proto;
}

std::vector<std::string> ShownResources(const LiveArticle& live) {
  std::vector<std::string> shown = {SectionName(live.section.id)};
  for (const Tag& tag : live.tags) shown.push_back(TagName(tag.id));
  for (const CreditedByline& credited : live.bylines) {
    std::string name = ContributorName(credited.contributor.id);
    if (!absl::c_linear_search(shown, name)) shown.push_back(std::move(name));
  }
  for (const std::string& id : live.related_ids) shown.push_back(ArticleName(id));
  return shown;
}

}  // namespace masthead::articles
