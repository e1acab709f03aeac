#include "services/articles/exchange/ninjs.h"

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "common/base/status_macros.h"
#include "services/articles/exchange/html_to_blocks.h"
#include "services/articles/exchange/json_records.h"
#include "services/articles/exchange/web_address.h"

namespace masthead::articles {
namespace {

using Json = nlohmann::json;

const Json& Member(const Json& object, const char* key) {
  static const Json* const kNothing = new Json();
  const auto found = object.find(key);
  return found == object.end() ? *kNothing : *found;
}

// The entries of a list, or of an object's members as version 1 has them.
std::vector<Json> Entries(const Json& object, const char* key) {
  const Json& list = Member(object, key);
  if (!list.is_array() && !list.is_object()) return {};
  std::vector<Json> entries;
  for (const Json& entry : list) {
    if (entry.is_object()) entries.push_back(entry);
  }
  return entries;
}

// The value in a list of values by role: of one of `roles`, the first of them that there is, else the list's first.
std::string ByRole(const Json& object, const char* key, const std::vector<std::string>& roles) {
  const std::vector<Json> entries = Entries(object, key);
  for (const std::string& role : roles) {
    for (const Json& entry : entries) {
      if (TextField(entry, "role") == role) return TextField(entry, "value");
    }
  }
  return entries.empty() ? "" : TextField(entries.front(), "value");
}

std::string Either(std::string first, std::string second) { return first.empty() ? std::move(second) : first; }

// ninjs 1 and 2 spell their members in small letters, ninjs 3 in camel case.
std::string Text(const Json& json, const char* camel, const char* small) {
  return Either(TextField(json, camel), TextField(json, small));
}

std::optional<absl::Time> Time(const Json& json, const char* camel, const char* small) {
  const std::optional<absl::Time> time = TimeField(json, camel);
  return time.has_value() ? time : TimeField(json, small);
}

std::string Html(const Json& json) {
  const std::string old = TextField(json, "body_html");
  if (!old.empty()) return old;
  std::string plain = TextField(json, "body_text");
  for (const Json& body : Entries(json, "bodies")) {
    const std::string type = Text(body, "contentType", "contenttype");
    if (absl::StrContains(type, "html")) return TextField(body, "value");
    if (plain.empty()) plain = TextField(body, "value");
  }
  return absl::StrReplaceAll(plain, {{"&", "&amp;"}, {"<", "&lt;"}, {"\n", "<br>"}});
}

// The largest rendition that names its width, else the first.
std::optional<Image> Picture(const Json& association, Losses& losses) {
  if (TextField(association, "type") != "picture") return std::nullopt;
  Image image;
  for (const Json& rendition : Entries(association, "renditions")) {
    const std::optional<std::string> uri = ResolveWebUri(TextField(rendition, "href"), "");
    const auto width = static_cast<int32_t>(std::clamp(NumberField(rendition, "width"), 0.0, 100'000.0));
    if (!uri.has_value() || (!image.uri.empty() && width <= image.width)) continue;
    image.uri = *uri;
    image.width = width;
    image.height = static_cast<int32_t>(std::clamp(NumberField(rendition, "height"), 0.0, 100'000.0));
  }
  if (image.uri.empty()) return std::nullopt;
  const std::string text =
      Either(ByRole(association, "descriptions", {"caption", "main"}), TextField(association, "description_text"));
  image.caption = CutLine(text, 1000, "caption", losses);
  image.alt = CutLine(Either(ByRole(association, "headlines", {"alttext", "main"}), TextField(association, "headline")),
                      1000, "alternative text", losses);
  if (image.alt.empty()) image.alt = image.caption;
  if (image.alt.empty()) losses.Add("no alternative text", image.uri);
  image.credit = CutLine(Either(TextField(association, "by"), TextField(association, "byline")), 300, "credit", losses);
  return image;
}

void TakeState(const Json& json, Item& item) {
  Article& article = item.article;
  const std::string status = Text(json, "pubStatus", "pubstatus");
  const std::optional<absl::Time> version_time = Time(json, "versionCreated", "versioncreated");
  std::optional<absl::Time> time = Time(json, "firstCreated", "firstcreated");
  if (!time.has_value()) time = Time(json, "contentCreated", "contentcreated");
  if (!time.has_value()) time = version_time;
  article.create_time = time.value_or(absl::Time());
  if ((status.empty() || status == "usable") && time.has_value()) {
    article.state = Article::State::kPublished;
    article.publish_time = time;
    article.content_update_time = std::max(*time, version_time.value_or(*time));
  } else {
    item.losses.Add("pubstatus", status);
  }
  article.content.embargo_until = Time(json, "embargoedUntil", "embargoed");
}

void TakeTopics(const Json& json, Item& item) {
  const std::string by = CutLine(Either(TextField(json, "by"), TextField(json, "byline")), 200, "byline", item.losses);
  if (!by.empty()) item.authors.push_back({.slug = "", .display_name = by, .biography = "", .contact_email = ""});
  for (const char* list : {"subjects", "subject"}) {
    for (const Json& subject : Entries(json, list)) {
      const std::string name = TextField(subject, "name");
      if (name.empty()) {
        item.losses.Add("subject without a name", TextField(subject, "uri"));
      } else {
        item.tags.push_back({.slug = "", .display_name = name, .description = ""});
      }
    }
  }
  for (const char* list : {"people", "organisations", "events", "objects", "places", "genres"}) {
    for (const Json& entity : Entries(json, list)) item.losses.Add(list, TextField(entity, "name"));
  }
}

void TakeRights(const Json& json, Item& item) {
  const Json& info = Member(json, "rightsInfo");
  const auto text = [&](const char* camel, const char* small) {
    return Either(TextField(info, camel), Text(json, camel, small));
  };
  Rights rights;
  rights.holder = CutLine(text("copyrightHolder", "copyrightholder"), 200, "rights", item.losses);
  rights.notice = CutLine(text("copyrightNotice", "copyrightnotice"), 300, "rights", item.losses);
  rights.usage_terms = CutLine(text("usageTerms", "usageterms"), 2000, "rights", item.losses);
  if (rights != Rights()) item.article.content.rights = std::move(rights);
}

}  // namespace

std::unique_ptr<RecordReader> MakeNinjsReader() {
  return std::make_unique<JsonRecordReader>(
      [](const JsonSplitter::Path& path) { return path.empty() || (path.size() == 1 && path[0] == "[]"); },
      [](const JsonSplitter::Path&, const Json& json) -> std::optional<std::pair<std::string, std::string>> {
        return std::pair(kItems, TextField(json, "uri"));
      });
}

absl::StatusOr<Item> MakeNinjsItem(const std::string& json_text, const ImportDefaults& defaults) {
  const Json json = Json::parse(json_text, nullptr, /*allow_exceptions=*/false);
  Item item;
  item.source_id = TextField(json, "uri");
  if (item.source_id.empty()) return absl::InvalidArgumentError("has no uri");
  Article& article = item.article;
  Content& content = article.content;
  content.headline =
      CutLine(Either(ByRole(json, "headlines", {"main"}), TextField(json, "headline")), 300, "headline", item.losses);
  const std::string type = TextField(json, "type");
  if (!type.empty() && type != "text" && type != "composite") {
    item.skipped = absl::StrCat("the type ", type, " is no article");
    return item;
  }
  if (Text(json, "pubStatus", "pubstatus") == "canceled") {
    item.skipped = "it was cancelled";
    return item;
  }
  article.alt_ids["ninjs"] = item.source_id;
  article.language_code = Either(TextField(json, "language"), defaults.language_code);
  content.dek = CutLine(
      HtmlToText(Either(ByRole(json, "descriptions", {"summary", "main"}), TextField(json, "description_text"))), 1000,
      "description", item.losses);
  content.urgency = static_cast<int32_t>(std::clamp(NumberField(json, "urgency"), 0.0, 9.0));
  const std::string located = TextField(json, "located");
  if (!located.empty())
    content.dateline = Dateline{.place = CutLine(located, 200, "dateline", item.losses), .date = ""};
  TakeState(json, item);
  TakeTopics(json, item);
  TakeRights(json, item);
  std::vector<Block> pictures;
  for (const Json& association : Entries(json, "associations")) {
    std::optional<Image> image = Picture(association, item.losses);
    if (!image.has_value()) {
      item.losses.Add("association", TextField(association, "uri"));
    } else if (!content.lead_image.has_value()) {
      content.lead_image = *std::move(image);
    } else {
      pictures.push_back({.id = "", .kind = *std::move(image)});
    }
  }
  ASSIGN_OR_RETURN(content.body, HtmlToBlocks(Html(json), {.base_uri = defaults.site_uri}, item.losses));
  for (Block& picture : pictures) content.body.push_back(std::move(picture));
  return item;
}

}  // namespace masthead::articles
