#include "services/articles/reading/published_fields_proto.h"

#include "common/resource/timestamp.h"
#include "services/articles/article/article.h"
#include "services/articles/article/block_proto.h"
#include "services/articles/article/content_proto.h"
#include "services/articles/article/custom_fields_proto.h"

namespace masthead::articles {

void SetPlainFields(const Content& content, v1::PublishedArticle& proto) {
  proto.set_short_headline(content.short_headline);
  if (content.dateline) *proto.mutable_dateline() = ToProto(*content.dateline);
  if (content.source) *proto.mutable_source() = ToProto(*content.source);
  if (content.rights) *proto.mutable_rights() = ToProto(*content.rights);
  for (const std::string& id : content.additional_section_ids) proto.add_additional_sections(SectionName(id));
  for (const std::string& id : content.place_ids) proto.add_places(PlaceName(id));
  proto.set_type(ToProto(content.type));
  proto.set_urgency(content.urgency);
  if (content.breaking_until) *proto.mutable_breaking_until() = resource::ToTimestamp(*content.breaking_until);
  if (content.lead_image) *proto.mutable_lead_image() = ToProto(*content.lead_image);
  if (content.seo) *proto.mutable_seo() = ToProto(*content.seo);
  if (content.social) *proto.mutable_social() = ToProto(*content.social);
  for (const ContentWarning& warning : content.content_warnings) *proto.add_content_warnings() = ToProto(warning);
  proto.set_digital_source(ToProto(content.digital_source));
  for (const std::string& country : content.denied_countries) {
    proto.mutable_geo_restriction()->add_deny_country_codes(country);
  }
  if (content.display_time) *proto.mutable_display_time() = resource::ToTimestamp(*content.display_time);
  if (!content.custom_fields.empty()) *proto.mutable_custom_fields() = CustomFieldsToProto(content.custom_fields);
}

}  // namespace masthead::articles
