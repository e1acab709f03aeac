#include "services/articles/article/content_proto.h"

#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/resource/timestamp.h"
#include "services/articles/article/article.h"
#include "services/articles/article/block_proto.h"
#include "services/articles/article/custom_fields_proto.h"
#include "services/articles/article/names_proto.h"
#include "services/articles/article/spelling_proto.h"

namespace masthead::articles {

v1::Byline::Role ToProto(Byline::Role role) { return EnumToProto<v1::Byline::Role>(role); }
v1::Access::Level ToProto(Access::Level level) { return EnumToProto<v1::Access::Level>(level); }
v1::Article::Type ToProto(Content::Type type) { return EnumToProto<v1::Article::Type>(type); }
v1::Article::DigitalSource ToProto(Content::DigitalSource source) {
  return EnumToProto<v1::Article::DigitalSource>(source);
}

v1::Dateline ToProto(const Dateline& dateline) {
  v1::Dateline proto;
  proto.set_place(dateline.place);
  proto.set_date(dateline.date);
  return proto;
}

v1::Source ToProto(const Source& source) {
  v1::Source proto;
  proto.set_name(source.name);
  proto.set_kind(EnumToProto<v1::Source::Kind>(source.kind));
  return proto;
}

v1::Rights ToProto(const Rights& rights) {
  v1::Rights proto;
  proto.set_holder(rights.holder);
  proto.set_notice(rights.notice);
  proto.set_usage_terms(rights.usage_terms);
  return proto;
}

v1::Seo ToProto(const Seo& seo) {
  v1::Seo proto;
  proto.set_title(seo.title);
  proto.set_description(seo.description);
  proto.set_canonical_uri(seo.canonical_uri);
  proto.set_no_index(seo.no_index);
  return proto;
}

v1::Social ToProto(const Social& social) {
  v1::Social proto;
  proto.set_title(social.title);
  proto.set_description(social.description);
  if (social.image) *proto.mutable_image() = ToProto(*social.image);
  return proto;
}

v1::ContentWarning ToProto(const ContentWarning& warning) {
  v1::ContentWarning proto;
  proto.set_kind(EnumToProto<v1::ContentWarning::Kind>(warning.kind));
  proto.set_text(warning.text);
  return proto;
}

v1::Access ToProto(const Access& access) {
  v1::Access proto;
  proto.set_level(ToProto(access.level));
  for (const std::string& plan : access.plans) proto.add_plans(plan);
  proto.set_preview_paragraphs(access.preview_paragraphs);
  if (access.preview) proto.set_preview(EnumToProto<v1::Access::Preview>(*access.preview));
  if (access.free_until) *proto.mutable_free_until() = resource::ToTimestamp(*access.free_until);
  if (access.free_after) *proto.mutable_free_after() = resource::ToTimestamp(*access.free_after);
  return proto;
}

namespace {

void SetTaxonomy(const Content& content, v1::Article& proto) {
  if (!content.section_id.empty()) proto.set_section(SectionName(content.section_id));
  for (const std::string& id : content.additional_section_ids) proto.add_additional_sections(SectionName(id));
  for (const std::string& id : content.tag_ids) proto.add_tags(TagName(id));
  for (const std::string& id : content.place_ids) proto.add_places(PlaceName(id));
}

}  // namespace

void SetContent(const Content& content, v1::ArticleView view, v1::Article& proto) {
  proto.set_headline(content.headline);
  proto.set_short_headline(content.short_headline);
  proto.set_kicker(content.kicker);
  proto.set_dek(content.dek);
  proto.set_slug(content.slug);
  if (view != v1::ARTICLE_VIEW_BASIC) {
    for (const Block& block : content.body) *proto.add_body() = ToProto(block);
  }
  for (const Byline& byline : content.bylines) {
    v1::Byline& added = *proto.add_bylines();
    added.set_contributor(ContributorName(byline.contributor_id));
    added.set_role(ToProto(byline.role));
    added.set_display_name_override(byline.display_name_override);
  }
  if (content.dateline) *proto.mutable_dateline() = ToProto(*content.dateline);
  if (content.source) *proto.mutable_source() = ToProto(*content.source);
  if (content.rights) *proto.mutable_rights() = ToProto(*content.rights);
  SetTaxonomy(content, proto);
  proto.set_type(ToProto(content.type));
  proto.set_urgency(content.urgency);
  if (content.breaking_until) *proto.mutable_breaking_until() = resource::ToTimestamp(*content.breaking_until);
  if (content.lead_image) *proto.mutable_lead_image() = ToProto(*content.lead_image);
  proto.set_source_revision(content.source_revision);
  if (content.seo) *proto.mutable_seo() = ToProto(*content.seo);
  if (content.social) *proto.mutable_social() = ToProto(*content.social);
  for (const ContentWarning& warning : content.content_warnings) *proto.add_content_warnings() = ToProto(warning);
  proto.set_digital_source(ToProto(content.digital_source));
  *proto.mutable_access() = ToProto(content.access);
  for (const std::string& country : content.denied_countries) {
    proto.mutable_geo_restriction()->add_deny_country_codes(country);
  }
  if (content.display_time) *proto.mutable_display_time() = resource::ToTimestamp(*content.display_time);
  if (content.embargo_until) *proto.mutable_embargo_until() = resource::ToTimestamp(*content.embargo_until);
  if (!content.custom_fields.empty()) *proto.mutable_custom_fields() = CustomFieldsToProto(content.custom_fields);
}

std::vector<Byline> ParseBylines(const v1::Article& proto, FieldViolations& violations) {
  std::vector<Byline> bylines;
  for (int i = 0; i < proto.bylines_size(); ++i) {
    const std::string field = absl::StrCat("article.bylines[", i, "]");
    const v1::Byline& sent = proto.bylines(i);
    Byline byline;
    byline.contributor_id =
        ParseId(absl::StrCat(field, ".contributor"), sent.contributor(), "contributors/*", violations);
    byline.role =
        ParseEnum<Byline::Role>(absl::StrCat(field, ".role"), sent.role(), violations).value_or(Byline::Role::kAuthor);
    byline.display_name_override = sent.display_name_override();
    bylines.push_back(std::move(byline));
  }
  return bylines;
}

std::optional<Dateline> ParseDateline(const v1::Article& proto) {
  if (!proto.has_dateline()) return std::nullopt;
  return Dateline{proto.dateline().place(), proto.dateline().date()};
}

std::optional<Source> ParseSource(const v1::Article& proto, FieldViolations& violations) {
  if (!proto.has_source()) return std::nullopt;
  const auto kind = ParseEnum<Source::Kind>("article.source.kind", proto.source().kind(), violations);
  return Source{proto.source().name(), kind.value_or(Source::Kind::kStaff)};
}

std::optional<Rights> ParseRights(const v1::Article& proto) {
  if (!proto.has_rights()) return std::nullopt;
  return Rights{proto.rights().holder(), proto.rights().notice(), proto.rights().usage_terms()};
}

std::optional<Seo> ParseSeo(const v1::Article& proto) {
  if (!proto.has_seo()) return std::nullopt;
  const v1::Seo& seo = proto.seo();
  return Seo{seo.title(), seo.description(), seo.canonical_uri(), seo.no_index()};
}

std::optional<Social> ParseSocial(const v1::Article& proto) {
  if (!proto.has_social()) return std::nullopt;
  Social social = {proto.social().title(), proto.social().description(), std::nullopt};
  if (proto.social().has_image()) social.image = ParseImage(proto.social().image());
  return social;
}

std::vector<ContentWarning> ParseContentWarnings(const v1::Article& proto, FieldViolations& violations) {
  std::vector<ContentWarning> warnings;
  for (int i = 0; i < proto.content_warnings_size(); ++i) {
    const std::string field = absl::StrCat("article.content_warnings[", i, "].kind");
    const v1::ContentWarning& sent = proto.content_warnings(i);
    if (sent.kind() == v1::ContentWarning::KIND_UNSPECIFIED) violations.Add(field, "is required");
    const auto kind = ParseEnum<ContentWarning::Kind>(field, sent.kind(), violations);
    warnings.push_back({kind.value_or(ContentWarning::Kind::kOther), sent.text()});
  }
  return warnings;
}

Access ParseAccess(const v1::Article& proto, FieldViolations& violations) {
  const v1::Access& sent = proto.access();
  Access access;
  access.level = ParseEnum<Access::Level>("article.access.level", sent.level(), violations).value_or(access.level);
  access.plans = ParseNames("article.access.plans", sent.plans(), "tiers/*", violations);
  access.preview_paragraphs = sent.preview_paragraphs();
  access.preview = ParseEnum<Access::Preview>("article.access.preview", sent.preview(), violations);
  if (sent.has_free_until()) {
    access.free_until = resource::ParseTimestamp("article.access.free_until", sent.free_until(), violations);
  }
  if (sent.has_free_after()) {
    access.free_after = resource::ParseTimestamp("article.access.free_after", sent.free_after(), violations);
  }
  return access;
}

}  // namespace masthead::articles
