#include "services/articles/article/content_json.h"

#include "services/articles/article/block_json.h"
#include "services/articles/article/custom_fields.h"

namespace masthead::articles {

// Not in a namespace of their own: document.h finds them by their argument.

template <typename Visitor, Is<Byline> Struct>
void Parts(Visitor& part, Struct& byline) {
  part("contributor", byline.contributor_id);
  part("role", byline.role);
  part("display_name_override", byline.display_name_override);
}

template <typename Visitor, Is<Dateline> Struct>
void Parts(Visitor& part, Struct& dateline) {
  part("place", dateline.place);
  part("date", dateline.date);
}

template <typename Visitor, Is<Source> Struct>
void Parts(Visitor& part, Struct& source) {
  part("name", source.name);
  part("kind", source.kind);
}

template <typename Visitor, Is<Rights> Struct>
void Parts(Visitor& part, Struct& rights) {
  part("holder", rights.holder);
  part("notice", rights.notice);
  part("usage_terms", rights.usage_terms);
}

template <typename Visitor, Is<Seo> Struct>
void Parts(Visitor& part, Struct& seo) {
  part("title", seo.title);
  part("description", seo.description);
  part("canonical_uri", seo.canonical_uri);
  part("no_index", seo.no_index);
}

template <typename Visitor, Is<Social> Struct>
void Parts(Visitor& part, Struct& social) {
  part("title", social.title);
  part("description", social.description);
  part("image", social.image);
}

template <typename Visitor, Is<ContentWarning> Struct>
void Parts(Visitor& part, Struct& warning) {
  part("kind", warning.kind);
  part("text", warning.text);
}

template <typename Visitor, Is<Access> Struct>
void Parts(Visitor& part, Struct& access) {
  part("level", access.level);
  part("plans", access.plans);
  part("preview_paragraphs", access.preview_paragraphs);
  part("preview", access.preview);
  part("free_until_micros", access.free_until);
  part("free_after_micros", access.free_after);
}

// The head: all but the body, and the custom fields, which are JSON as they are.
template <typename Visitor, Is<Content> Struct>
void Parts(Visitor& part, Struct& content) {
  part("headline", content.headline);
  part("short_headline", content.short_headline);
  part("kicker", content.kicker);
  part("dek", content.dek);
  part("slug", content.slug);
  part("slug_is_generated", content.slug_is_generated);
  part("bylines", content.bylines);
  part("dateline", content.dateline);
  part("source", content.source);
  part("rights", content.rights);
  part("section", content.section_id);
  part("additional_sections", content.additional_section_ids);
  part("tags", content.tag_ids);
  part("places", content.place_ids);
  part("type", content.type);
  part("urgency", content.urgency);
  part("breaking_until_micros", content.breaking_until);
  part("lead_image", content.lead_image);
  part("source_revision", content.source_revision);
  part("seo", content.seo);
  part("social", content.social);
  part("content_warnings", content.content_warnings);
  part("digital_source", content.digital_source);
  part("access", content.access);
  part("denied_countries", content.denied_countries);
  part("display_time_micros", content.display_time);
  part("embargo_until_micros", content.embargo_until);
}

std::string HeadToJson(const Content& content) {
  Json head = WriteDocument(content);
  if (!content.custom_fields.empty()) head["custom_fields"] = Json::parse(content.custom_fields);
  return head.dump();
}

std::string BodyToJson(const std::vector<Block>& body) { return WriteDocument(body).dump(); }

Content HeadFromJson(const std::string& json) {
  const Json head = Json::parse(json);
  Content content;
  ReadDocument(head, content);
  if (head.contains("custom_fields")) content.custom_fields = CanonicalJson(head["custom_fields"]);
  return content;
}

std::vector<Block> BodyFromJson(const std::string& json) {
  std::vector<Block> body;
  ReadDocument(Json::parse(json), body);
  return body;
}

}  // namespace masthead::articles
