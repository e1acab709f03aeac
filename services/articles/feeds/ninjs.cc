#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "nlohmann/json.hpp"
#include "services/articles/feeds/formats.h"
#include "services/articles/feeds/json.h"

namespace masthead::articles {
namespace {

using Json = nlohmann::json;

Json Told(const char* role, const char* content_type, const std::string& value) {
  return {{"role", role}, {"contentType", content_type}, {"value", value}};
}

// IPTC's vocabulary of digital source types.
const char* DigitalSourceUri(Content::DigitalSource source) {
  switch (source) {
    case Content::DigitalSource::kHuman:
      return "http://cv.iptc.org/newscodes/digitalsourcetype/digitalCreation";
    case Content::DigitalSource::kAiAssisted:
      return "http://cv.iptc.org/newscodes/digitalsourcetype/compositeWithTrainedAlgorithmicMedia";
    case Content::DigitalSource::kAiGenerated:
      return "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia";
  }
  return "";
}

Json PictureJson(const Image& image) {
  Json rendition = {{"name", "main"}, {"href", image.uri}};
  if (image.width > 0 && image.height > 0) {
    rendition["width"] = image.width;
    rendition["height"] = image.height;
  }
  Json picture = {{"name", "main"}, {"uri", image.uri}, {"type", "picture"}, {"renditions", Json::array({rendition})}};
  if (!image.alt.empty()) picture["headlines"].push_back(Told("alttext", "text/plain", image.alt));
  if (!image.caption.empty()) picture["descriptions"].push_back(Told("caption", "text/plain", image.caption));
  if (!image.credit.empty()) picture["by"] = image.credit;
  if (!image.licence.empty()) picture["usageTerms"] = image.licence;
  return picture;
}

void AddRights(const Rights& rights, Json& json) {
  if (!rights.holder.empty()) json["copyrightHolder"] = rights.holder;
  if (!rights.notice.empty()) json["copyrightNotice"] = rights.notice;
  if (!rights.usage_terms.empty()) json["usageTerms"] = rights.usage_terms;
}

std::string ByOf(const LiveArticle& live) {
  return absl::StrJoin(AuthorsOf(live), ", ", [](std::string* out, const Credit& author) { *out += author.name; });
}

void AddText(const FeedItem& item, Json& json) {
  const Content& content = item.facts().content;
  json["headlines"] = Json::array({Told("main", "text/plain", content.headline)});
  if (!content.kicker.empty()) json["headlines"].push_back(Told("kicker", "text/plain", content.kicker));
  if (!item.summary.empty()) json["descriptions"].push_back(Told("summary", "text/plain", item.summary));
  if (!item.html.empty()) json["bodies"].push_back(Told("main", "text/html", item.html));
  if (item.lead_image.has_value()) json["associations"].push_back(PictureJson(*item.lead_image));
}

Json ItemJson(const FeedItem& item) {
  const LiveArticle& live = item.article.open_part();
  const Content& content = live.article.content;
  const bool is_whole = Granted(item.article.decision()) && !item.is_retracted() && !item.html.empty();
  Json json = {
      {"uri", UrnOf(live.article)},
      {"type", "text"},
      {"standard",
       {{"name", "ninjs"}, {"version", "3.1"}, {"schema", "http://www.iptc.org/std/ninjs/ninjs-schema_3.1.json#"}}},
      {"representationType", is_whole ? "full" : "partial"},
      {"version", absl::StrCat(live.article.published_revision)},
      {"firstCreated", Rfc3339(*live.article.publish_time)},
      {"versionCreated", Rfc3339(item.update_time)},
      {"pubStatus", item.is_retracted() ? "canceled" : "usable"},
      {"language", live.article.language_code},
      {"altIds", Json::array({Json{{"role", "url"}, {"value", item.url}}})},
      {"digitalSourceType", {{"uri", DigitalSourceUri(content.digital_source)}}}};
  AddText(item, json);
  if (content.urgency > 0) json["urgency"] = content.urgency;
  if (const std::string by = ByOf(live); !by.empty()) json["by"] = by;
  if (content.dateline.has_value()) json["located"] = content.dateline->place;
  if (content.rights.has_value()) AddRights(*content.rights, json);
  if (content.source.has_value()) json["infoSources"].push_back({{"name", content.source->name}, {"role", "source"}});
  for (const std::string& category : CategoriesOf(live)) json["subjects"].push_back({{"name", category}});
  return json;
}

}  // namespace

std::string WriteNinjs(const Feed& feed) {
  Json items = Json::array();
  for (const FeedItem& item : feed.items) items.push_back(ItemJson(item));
  return WriteJson(items);
}

}  // namespace masthead::articles
