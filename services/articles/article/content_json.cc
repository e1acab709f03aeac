#include "services/articles/article/content_json.h"

#include <array>
#include <stdexcept>
#include <utility>

#include "absl/time/time.h"
#include "nlohmann/json.hpp"

namespace masthead::articles {
namespace {

using Json = nlohmann::json;

// The spelling of an enumerator, and back.
template <typename Enum, size_t size>
using Names = std::array<std::pair<Enum, const char*>, size>;

constexpr Names<Mark::Kind, 6> kMarkKinds = {{{Mark::Kind::kBold, "BOLD"},
                                              {Mark::Kind::kItalic, "ITALIC"},
                                              {Mark::Kind::kLink, "LINK"},
                                              {Mark::Kind::kStrikethrough, "STRIKETHROUGH"},
                                              {Mark::Kind::kUnderline, "UNDERLINE"},
                                              {Mark::Kind::kCode, "CODE"}}};
constexpr Names<Byline::Role, 5> kRoles = {{{Byline::Role::kAuthor, "AUTHOR"},
                                            {Byline::Role::kEditor, "EDITOR"},
                                            {Byline::Role::kPhotographer, "PHOTOGRAPHER"},
                                            {Byline::Role::kTranslator, "TRANSLATOR"},
                                            {Byline::Role::kReporting, "REPORTING"}}};
constexpr Names<Access::Level, 3> kLevels = {
    {{Access::Level::kPublic, "PUBLIC"}, {Access::Level::kRegistered, "REGISTERED"}, {Access::Level::kPlans, "PLANS"}}};

template <typename Enum, size_t size>
const char* Spell(const Names<Enum, size>& names, Enum value) {
  for (const auto& [candidate, name] : names) {
    if (candidate == value) return name;
  }
  throw std::logic_error("an enumerator without a name");
}

template <typename Enum, size_t size>
Enum Read(const Names<Enum, size>& names, const Json& json) {
  const auto& name = json.get_ref<const std::string&>();
  for (const auto& [value, candidate] : names) {
    if (name == candidate) return value;
  }
  throw std::runtime_error("a stored article has an unknown word: " + name);
}

std::string Text(const Json& object, const char* key) { return object.value(key, std::string()); }

Json ToJson(const RichText& rich) {
  Json marks = Json::array();
  for (const Mark& mark : rich.marks) {
    Json entry = {{"start", mark.start}, {"end", mark.end}, {"kind", Spell(kMarkKinds, mark.kind)}};
    if (!mark.href.empty()) entry["href"] = mark.href;
    marks.push_back(std::move(entry));
  }
  Json json = {{"text", rich.text}};
  if (!marks.empty()) json["marks"] = std::move(marks);
  return json;
}

RichText RichTextFrom(const Json& json) {
  RichText rich = {Text(json, "text"), {}};
  for (const Json& mark : json.value("marks", Json::array())) {
    rich.marks.push_back({mark.at("start"), mark.at("end"), Read(kMarkKinds, mark.at("kind")), Text(mark, "href")});
  }
  return rich;
}

Json ToJson(const Image& image) {
  return {{"uri", image.uri},       {"alt", image.alt},     {"caption", image.caption},
          {"credit", image.credit}, {"width", image.width}, {"height", image.height}};
}

Image ImageFrom(const Json& json) {
  return {.uri = Text(json, "uri"),
          .alt = Text(json, "alt"),
          .caption = Text(json, "caption"),
          .credit = Text(json, "credit"),
          .width = json.value("width", 0),
          .height = json.value("height", 0)};
}

struct BlockToJson {
  Json operator()(const Paragraph& block) const { return {{"kind", "paragraph"}, {"text", ToJson(block.text)}}; }
  Json operator()(const Heading& block) const {
    return {{"kind", "heading"}, {"text", ToJson(block.text)}, {"level", block.level}};
  }
  Json operator()(const Image& block) const { return {{"kind", "image"}, {"image", ToJson(block)}}; }
  Json operator()(const Quote& block) const {
    return {{"kind", "quote"}, {"text", ToJson(block.text)}, {"attribution", block.attribution}};
  }
  Json operator()(const List& block) const {
    Json items = Json::array();
    for (const RichText& item : block.items) items.push_back(ToJson(item));
    return {{"kind", "list"}, {"items", std::move(items)}, {"ordered", block.ordered}};
  }
  Json operator()(const Divider&) const { return {{"kind", "divider"}}; }
  Json operator()(const Embed& block) const {
    return {
        {"kind", "embed"}, {"uri", block.uri}, {"provider", block.provider}, {"fallback_text", block.fallback_text}};
  }
  Json operator()(const PaywallMarker&) const { return {{"kind", "paywall_marker"}}; }
};

Block::Kind BlockKindFrom(const Json& json) {
  const auto& kind = json.at("kind").get_ref<const std::string&>();
  if (kind == "paragraph") return Paragraph{RichTextFrom(json.at("text"))};
  if (kind == "heading") return Heading{RichTextFrom(json.at("text")), json.at("level")};
  if (kind == "image") return ImageFrom(json.at("image"));
  if (kind == "quote") return Quote{RichTextFrom(json.at("text")), Text(json, "attribution")};
  if (kind == "list") {
    List list = {{}, json.value("ordered", false)};
    for (const Json& item : json.at("items")) list.items.push_back(RichTextFrom(item));
    return list;
  }
  if (kind == "divider") return Divider();
  if (kind == "embed") return Embed{Text(json, "uri"), Text(json, "provider"), Text(json, "fallback_text")};
  if (kind == "paywall_marker") return PaywallMarker();
  throw std::runtime_error("a stored article has an unknown kind of block: " + kind);
}

}  // namespace

std::string HeadToJson(const Content& content) {
  Json bylines = Json::array();
  for (const Byline& byline : content.bylines) {
    bylines.push_back({{"contributor", byline.contributor_id},
                       {"role", Spell(kRoles, byline.role)},
                       {"display_name_override", byline.display_name_override}});
  }
  Json head = {{"headline", content.headline},
               {"kicker", content.kicker},
               {"dek", content.dek},
               {"slug", content.slug},
               {"slug_is_generated", content.slug_is_generated},
               {"bylines", std::move(bylines)},
               {"section", content.section_id},
               {"tags", content.tag_ids},
               {"access",
                {{"level", Spell(kLevels, content.access.level)},
                 {"plans", content.access.plans},
                 {"preview_paragraphs", content.access.preview_paragraphs}}}};
  if (content.dateline) head["dateline"] = {{"place", content.dateline->place}, {"date", content.dateline->date}};
  if (content.breaking_until) head["breaking_until_micros"] = absl::ToUnixMicros(*content.breaking_until);
  if (content.lead_image) head["lead_image"] = ToJson(*content.lead_image);
  return head.dump();
}

std::string BodyToJson(const std::vector<Block>& body) {
  Json json = Json::array();
  for (const Block& block : body) {
    Json entry = std::visit(BlockToJson(), block.kind);
    entry["id"] = block.id;
    json.push_back(std::move(entry));
  }
  return json.dump();
}

Content HeadFromJson(const std::string& json) {
  const Json head = Json::parse(json);
  Content content;
  content.headline = Text(head, "headline");
  content.kicker = Text(head, "kicker");
  content.dek = Text(head, "dek");
  content.slug = Text(head, "slug");
  content.slug_is_generated = head.value("slug_is_generated", false);
  for (const Json& byline : head.at("bylines")) {
    content.bylines.push_back(
        {Text(byline, "contributor"), Read(kRoles, byline.at("role")), Text(byline, "display_name_override")});
  }
  content.section_id = Text(head, "section");
  content.tag_ids = head.at("tags").get<std::vector<std::string>>();
  const Json& access = head.at("access");
  content.access = {Read(kLevels, access.at("level")), access.at("plans").get<std::vector<std::string>>(),
                    access.value("preview_paragraphs", 0)};
  if (head.contains("dateline")) {
    content.dateline = Dateline{Text(head["dateline"], "place"), Text(head["dateline"], "date")};
  }
  if (head.contains("breaking_until_micros")) {
    content.breaking_until = absl::FromUnixMicros(head["breaking_until_micros"].get<int64_t>());
  }
  if (head.contains("lead_image")) content.lead_image = ImageFrom(head["lead_image"]);
  return content;
}

std::vector<Block> BodyFromJson(const std::string& json) {
  std::vector<Block> body;
  const Json blocks = Json::parse(json);
  for (const Json& block : blocks) body.push_back({Text(block, "id"), BlockKindFrom(block)});
  return body;
}

}  // namespace masthead::articles
