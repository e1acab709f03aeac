#include "services/articles/exchange/wordpress.h"

#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/strip.h"
#include "common/base/status_macros.h"
#include "services/articles/exchange/html_to_blocks.h"
#include "services/articles/exchange/shortcodes.h"
#include "services/articles/exchange/web_address.h"

namespace masthead::articles {
namespace {

using Json = nlohmann::json;

constexpr int kMaxSectionDepth = 4;

Json Parse(const std::string& json) { return Json::parse(json, nullptr, /*allow_exceptions=*/false); }

std::optional<Json> First(Lookup lookup, const std::string& table, const std::string& key) {
  if (key.empty()) return std::nullopt;
  const std::vector<std::string> found = lookup(table, key);
  if (found.empty() || found.front().empty()) return std::nullopt;
  return Parse(found.front());
}

std::string Meta(const Json& item, const char* key) {
  const auto meta = item.find("meta");
  return meta != item.end() && meta->is_object() ? TextField(*meta, key) : "";
}

std::string Escaped(const std::string& text) {
  return absl::StrReplaceAll(text, {{"&", "&amp;"}, {"\"", "&quot;"}, {"<", "&lt;"}});
}

// The `<img>` of an attachment.
std::string Picture(Lookup lookup, const std::string& id) {
  const std::optional<Json> attachment = First(lookup, "attachment", id);
  if (!attachment.has_value()) return "";
  return absl::StrCat("<img src=\"", Escaped(TextField(*attachment, "wp:attachment_url")), "\" alt=\"",
                      Escaped(Meta(*attachment, "_wp_attachment_image_alt")), "\">");
}

// Those that WordPress keeps in UTC; where they are missing, a draft has none.
void TakeState(const Json& json, Item& item) {
  Article& article = item.article;
  const std::string status = TextField(json, "wp:status");
  article.publish_time = TimeField(json, "wp:post_date_gmt");
  article.create_time = article.publish_time.value_or(absl::Time());
  article.state = Article::State::kDraft;
  if (status == "publish" && article.publish_time.has_value()) {
    article.state = Article::State::kPublished;
    article.content_update_time = article.publish_time;
  } else if (status == "future" && article.publish_time.has_value()) {
    article.state = Article::State::kScheduled;
  } else {
    article.publish_time.reset();
    if (status == "private" || status == "pending" || status == "publish") item.losses.Add("status", status);
  }
  if (!TextField(json, "wp:post_password").empty()) item.losses.Add("password");
  if (NumberField(json, "comments") > 0) item.losses.Add("comments");
}

// A category and those above it, from the top down.
std::vector<ImportedTopic> SectionPath(Lookup lookup, std::string nicename, const std::string& name, Losses& losses) {
  std::vector<ImportedTopic> path;
  std::set<std::string> seen;
  std::string display_name = name;
  while (!nicename.empty() && seen.insert(nicename).second) {
    const std::optional<Json> category = First(lookup, "category", nicename);
    if (category.has_value()) display_name = TextField(*category, "wp:cat_name");
    path.insert(path.begin(), {.slug = nicename,
                               .display_name = display_name.empty() ? nicename : display_name,
                               .description = category ? TextField(*category, "wp:category_description") : ""});
    nicename = category.has_value() ? TextField(*category, "wp:category_parent") : "";
    display_name.clear();
  }
  if (path.size() > kMaxSectionDepth) {
    losses.Add("categories below the fourth level", path.back().display_name);
    path.resize(kMaxSectionDepth);
  }
  return path;
}

void TakeTopics(const Json& json, Lookup lookup, Item& item) {
  const std::string login = TextField(json, "dc:creator");
  if (!login.empty()) {
    const std::optional<Json> author = First(lookup, "author", login);
    std::string name = author.has_value() ? TextField(*author, "wp:author_display_name") : "";
    if (name.empty()) name = login;
    item.authors.push_back({.slug = login, .display_name = name, .biography = "", .contact_email = ""});
  }
  const auto categories = json.find("categories");
  if (categories == json.end()) return;
  for (const Json& category : *categories) {
    const std::string domain = TextField(category, "domain");
    const std::string nicename = TextField(category, "nicename");
    const std::string name = TextField(category, "name");
    if (domain == "post_tag") {
      item.tags.push_back({.slug = nicename, .display_name = name, .description = ""});
    } else if (domain == "category" && item.section.empty() && nicename != "uncategorized") {
      item.section = SectionPath(lookup, nicename, name, item.losses);
    } else if (domain == "category" && nicename != "uncategorized") {
      item.losses.Add("category beside the first, now a tag", name);
      item.tags.push_back({.slug = nicename, .display_name = name, .description = ""});
    } else if (domain != "category") {
      item.losses.Add(absl::StrCat("taxonomy ", domain), name);
    }
  }
}

void TakeThumbnail(const Json& json, const std::string& base_uri, Lookup lookup, Item& item) {
  const std::string id = Meta(json, "_thumbnail_id");
  if (id.empty()) return;
  const std::optional<Json> attachment = First(lookup, "attachment", id);
  const auto uri =
      attachment.has_value() ? ResolveWebUri(TextField(*attachment, "wp:attachment_url"), base_uri) : std::nullopt;
  if (!uri.has_value()) return item.losses.Add("lead image that is not in the file", id);
  Image& lead = item.article.content.lead_image.emplace();
  lead.uri = *uri;
  lead.alt = CutLine(Meta(*attachment, "_wp_attachment_image_alt"), 1000, "alternative text", item.losses);
  lead.caption = CutLine(HtmlToText(TextField(*attachment, "excerpt:encoded")), 1000, "caption", item.losses);
  if (lead.alt.empty()) item.losses.Add("no alternative text", *uri);
}

void TakeSeo(const Json& json, Item& item) {
  Seo seo;
  seo.title = CutLine(Meta(json, "_yoast_wpseo_title"), 300, "SEO title", item.losses);
  if (absl::StrContains(seo.title, "%%")) seo.title.clear();  // A template, not a title.
  seo.description = CutLine(Meta(json, "_yoast_wpseo_metadesc"), 500, "SEO description", item.losses);
  seo.canonical_uri = ResolveWebUri(Meta(json, "_yoast_wpseo_canonical"), "").value_or("");
  if (seo != Seo()) item.article.content.seo = std::move(seo);
}

}  // namespace

std::string SiteOf(Lookup lookup) {
  const std::vector<std::string> sites = lookup("site", "");
  return sites.empty() ? "" : TextField(Parse(sites.back()), "uri");
}

absl::StatusOr<Item> MakeWordPressItem(const std::string& json, const ImportDefaults& defaults, Lookup lookup) {
  const Json post = Parse(json);
  if (!post.is_object()) return absl::InvalidArgumentError("is no item");
  Item item;
  const std::string id = TextField(post, "wp:post_id");
  const std::string type = TextField(post, "wp:post_type");
  item.source_id = absl::StrCat(type.empty() ? "item" : type, " ", id);
  Content& content = item.article.content;
  content.headline = CutLine(HtmlToText(TextField(post, "title")), 300, "headline", item.losses);
  if (type != "post") item.skipped = absl::StrCat("the post type ", type.empty() ? "(none)" : type, " is no article");
  if (TextField(post, "wp:status") == "trash") item.skipped = "it is in the trash";
  if (TextField(post, "wp:status") == "auto-draft") item.skipped = "it was never saved";
  if (item.skipped.has_value()) return item;

  const std::string& site_uri = defaults.site_uri;
  const std::string link = TextField(post, "link");
  const std::string base_uri = ResolveWebUri(link, site_uri).value_or(site_uri);
  item.article.language_code = defaults.language_code;
  // The GUID is a URL that a move to another domain leaves as it was; the number is only this site's.
  item.article.alt_ids["wordpress"] = absl::StrCat(HostOf(site_uri), "/", id);
  if (const std::string guid = TextField(post, "guid"); !guid.empty()) item.article.alt_ids["guid"] = guid;
  if (!absl::StrContains(link, "?")) item.former_paths.push_back(PathOf(link));
  content.slug = ToSlug(TextField(post, "wp:post_name"), item.losses);
  content.dek = CutLine(HtmlToText(TextField(post, "excerpt:encoded")), 1000, "excerpt", item.losses);
  TakeState(post, item);
  TakeTopics(post, lookup, item);
  TakeThumbnail(post, base_uri, lookup, item);
  TakeSeo(post, item);

  const std::string html = TextField(post, "content:encoded");
  const std::string expanded = ExpandShortcodes(
      html, [&](const std::string& attachment) { return Picture(lookup, attachment); }, item.losses);
  const HtmlSource source = {.base_uri = base_uri, .lines_count = !absl::StrContains(html, "<!-- wp:")};
  ASSIGN_OR_RETURN(content.body, HtmlToBlocks(expanded, source, item.losses));
  return item;
}

}  // namespace masthead::articles
