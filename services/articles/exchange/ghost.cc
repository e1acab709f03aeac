#include "services/articles/exchange/ghost.h"

#include <algorithm>
#include <map>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/strip.h"
#include "common/base/status_macros.h"
#include "services/articles/exchange/html_to_blocks.h"
#include "services/articles/exchange/json_records.h"
#include "services/articles/exchange/web_address.h"

namespace masthead::articles {
namespace {

using Json = nlohmann::json;

// Ghost's tables that matter, and by which of its columns a row is found.
const std::map<std::string, const char*>& Tables() {
  static const auto* const kTables = new std::map<std::string, const char*>{{"posts", "id"},
                                                                            {"posts_meta", "post_id"},
                                                                            {"posts_tags", "post_id"},
                                                                            {"posts_authors", "post_id"},
                                                                            {"posts_products", "post_id"},
                                                                            {"tags", "id"},
                                                                            {"users", "id"},
                                                                            {"products", "id"}};
  return *kTables;
}

// `db[].data.posts[]`, or in older files `data.posts[]`.
bool IsRow(const JsonSplitter::Path& path) {
  const size_t size = path.size();
  return (size == 3 || size == 5) && path[size - 1] == "[]" && path[size - 3] == "data" &&
         Tables().count(path[size - 2]) > 0;
}

Json Parse(const std::string& json) { return Json::parse(json, nullptr, /*allow_exceptions=*/false); }

// The rows that a table of pairs leads to, by its column `to`, in their order.
std::vector<Json> Related(Lookup lookup, const std::string& pairs, const std::string& post_id, const char* to,
                          const std::string& table) {
  std::vector<Json> links;
  for (const std::string& json : lookup(pairs, post_id)) links.push_back(Parse(json));
  std::stable_sort(links.begin(), links.end(), [](const Json& a, const Json& b) {
    return NumberField(a, "sort_order") < NumberField(b, "sort_order");
  });
  std::vector<Json> rows;
  for (const Json& link : links) {
    for (const std::string& json : lookup(table, TextField(link, to))) rows.push_back(Parse(json));
  }
  return rows;
}

void TakeState(const Json& post, Item& item) {
  const std::string status = TextField(post, "status");
  item.article.publish_time = TimeField(post, "published_at");
  if (status == "published" && item.article.publish_time.has_value()) {
    item.article.state = Article::State::kPublished;
    item.article.content_update_time = item.article.publish_time;
  } else if (status == "scheduled" && item.article.publish_time.has_value()) {
    item.article.state = Article::State::kScheduled;
  } else {
    item.article.state = Article::State::kDraft;
    item.article.publish_time.reset();
    if (status == "sent") item.losses.Add("sent by mail only", status);
  }
}

void TakeAccess(const Json& post, Lookup lookup, Item& item) {
  Access& access = item.article.content.access;
  const std::string visibility = TextField(post, "visibility");
  if (visibility == "members") {
    access.level = Access::Level::kRegistered;
  } else if (visibility == "paid") {
    access.level = Access::Level::kMembers;
  } else if (visibility == "tiers" || absl::StrContains(visibility, ":")) {
    access.level = Access::Level::kPlans;
    for (const Json& tier : Related(lookup, "posts_products", TextField(post, "id"), "product_id", "products")) {
      const std::string slug = ToSlug(TextField(tier, "slug"), item.losses);
      if (!slug.empty()) access.plans.push_back(absl::StrCat("tiers/", slug));
    }
    // Without the tiers by name: nobody who had not paid may read it.
    if (access.plans.empty()) {
      access.level = Access::Level::kMembers;
      item.losses.Add("tiers", visibility);
    }
  }
}

void TakeMeta(const Json& post, const Json& meta, const std::string& site_uri, Item& item) {
  Content& content = item.article.content;
  const std::optional<std::string> image = ResolveWebUri(TextField(post, "feature_image"), site_uri);
  if (image.has_value()) {
    Image lead;
    lead.uri = *image;
    lead.alt = LineField(meta, "feature_image_alt", 1000, item.losses);
    lead.caption = HtmlToText(TextField(meta, "feature_image_caption"));
    if (lead.alt.empty()) item.losses.Add("no alternative text", *image);
    content.lead_image = std::move(lead);
  }
  Seo seo;
  seo.title = LineField(meta, "meta_title", 300, item.losses);
  seo.description = LineField(meta, "meta_description", 500, item.losses);
  seo.canonical_uri = ResolveWebUri(TextField(post, "canonical_url"), site_uri).value_or("");
  if (seo != Seo()) content.seo = std::move(seo);
  Social social;
  social.title = LineField(meta, "og_title", 300, item.losses);
  social.description = LineField(meta, "og_description", 500, item.losses);
  const std::optional<std::string> social_image = ResolveWebUri(TextField(meta, "og_image"), site_uri);
  if (social_image.has_value()) social.image.emplace().uri = *social_image;
  if (social != Social()) content.social = std::move(social);
  for (const char* injected : {"codeinjection_head", "codeinjection_foot"}) {
    if (!TextField(post, injected).empty()) item.losses.Add("code injection", injected);
  }
}

void TakeTopics(const std::string& post_id, Lookup lookup, Item& item) {
  for (const Json& user : Related(lookup, "posts_authors", post_id, "author_id", "users")) {
    item.authors.push_back({.slug = TextField(user, "slug"),
                            .display_name = TextField(user, "name"),
                            .biography = TextField(user, "bio"),
                            .contact_email = ""});
  }
  for (const Json& tag : Related(lookup, "posts_tags", post_id, "tag_id", "tags")) {
    const std::string name = TextField(tag, "name");
    if (TextField(tag, "visibility") == "internal" || absl::StartsWith(name, "#")) {
      item.losses.Add("internal tag", name);
      continue;
    }
    item.tags.push_back(
        {.slug = TextField(tag, "slug"), .display_name = name, .description = TextField(tag, "description")});
  }
}

absl::Status TakeBody(const Json& post, const std::string& site_uri, Item& item) {
  std::string html = TextField(post, "html");
  if (html.empty() && !TextField(post, "plaintext").empty()) {
    item.losses.Add("formatting: only the plain text is in the file");
    ASSIGN_OR_RETURN(item.article.content.body,
                     HtmlToBlocks(absl::StrReplaceAll(TextField(post, "plaintext"), {{"&", "&amp;"}, {"<", "&lt;"}}),
                                  {.base_uri = site_uri, .lines_count = true}, item.losses));
    return absl::OkStatus();
  }
  if (html.empty() && !(TextField(post, "lexical").empty() && TextField(post, "mobiledoc").empty())) {
    item.losses.Add("text: the file has it only as Ghost's editor keeps it");
  }
  ASSIGN_OR_RETURN(item.article.content.body, HtmlToBlocks(html, {.base_uri = site_uri}, item.losses));
  return absl::OkStatus();
}

}  // namespace

std::unique_ptr<RecordReader> MakeGhostReader() {
  return std::make_unique<JsonRecordReader>(
      IsRow, [](const JsonSplitter::Path& path, const Json& row) -> std::optional<std::pair<std::string, std::string>> {
        const std::string& table = path[path.size() - 2];
        return std::pair(table == "posts" ? kItems : table, TextField(row, Tables().at(table)));
      });
}

absl::StatusOr<Item> MakeGhostItem(const std::string& json, const ImportDefaults& defaults, Lookup lookup) {
  const std::string site_uri = std::string(absl::StripSuffix(defaults.site_uri, "/"));
  const Json post = Parse(absl::StrReplaceAll(json, {{"__GHOST_URL__", site_uri}}));
  if (!post.is_object()) return absl::InvalidArgumentError("is no JSON object");
  Item item;
  const std::string id = TextField(post, "id");
  item.source_id = absl::StrCat("post ", id);
  Article& article = item.article;
  article.content.headline = LineField(post, "title", 300, item.losses);
  if (TextField(post, "type") == "page" || NumberField(post, "page") != 0) {
    item.skipped = "a page is no article";
    return item;
  }
  article.language_code = TextField(post, "locale");
  if (article.language_code.empty()) article.language_code = defaults.language_code;
  article.alt_ids["ghost"] = TextField(post, "uuid").empty() ? id : TextField(post, "uuid");
  article.content.slug = ToSlug(TextField(post, "slug"), item.losses);
  article.content.dek = LineField(post, "custom_excerpt", 1000, item.losses);
  article.create_time = TimeField(post, "created_at").value_or(absl::Time());
  item.former_paths.push_back(absl::StrCat("/", TextField(post, "slug")));
  TakeState(post, item);
  TakeAccess(post, lookup, item);
  const std::vector<std::string> meta = lookup("posts_meta", id);
  TakeMeta(post, meta.empty() ? Json::object() : Parse(meta.front()), site_uri, item);
  TakeTopics(id, lookup, item);
  RETURN_IF_ERROR(TakeBody(post, site_uri, item));
  return item;
}

}  // namespace masthead::articles
