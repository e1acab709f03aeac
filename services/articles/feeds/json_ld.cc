#include "services/articles/feeds/json_ld.h"

#include <algorithm>
#include <utility>

#include "absl/algorithm/container.h"
#include "absl/strings/str_join.h"
#include "nlohmann/json.hpp"
#include "services/articles/article/block_text.h"
#include "services/articles/feeds/json.h"

namespace masthead::articles {
namespace {

using Json = nlohmann::json;

Json Named(const char* type, const std::string& name) { return {{"@type", type}, {"name", name}}; }

Json AuthorJson(const Credit& author) { return Named(author.is_person ? "Person" : "Organization", author.name); }

Json PublisherJson(const Site& site) {
  Json publisher = Named("NewsMediaOrganization", site.name);
  publisher["url"] = site.url;
  return publisher;
}

Json ImageJson(const Image& image) {
  Json json = {{"@type", "ImageObject"}, {"url", image.uri}};
  if (image.width > 0 && image.height > 0) {
    json["width"] = image.width;
    json["height"] = image.height;
  }
  if (!image.alt.empty()) json["description"] = image.alt;
  if (!image.caption.empty()) json["caption"] = image.caption;
  if (!image.credit.empty()) json["creditText"] = image.credit;
  return json;
}

Json CorrectionJson(const std::string& text, absl::Time time) {
  return {{"@type", "CorrectionComment"}, {"text", text}, {"datePublished", Rfc3339(time)}};
}

// Schema.org's kinds of news; others are NewsArticle alone.
Json TypeOf(Content::Type type) {
  switch (type) {
    case Content::Type::kAnalysis:
      return "AnalysisNewsArticle";
    case Content::Type::kOpinion:
      return "OpinionNewsArticle";
    case Content::Type::kExplainer:
      return "BackgroundNewsArticle";
    case Content::Type::kSponsored:
      return "AdvertiserContentArticle";
    default:
      return "NewsArticle";
  }
}

void AddAccess(bool is_free, Json& json) {
  json["isAccessibleForFree"] = is_free;
  if (is_free) return;
  json["hasPart"] = {{"@type", "WebPageElement"}, {"isAccessibleForFree", false}, {"cssSelector", kGatedSelector}};
}

// What the update says, without its marks and pictures.
std::string TextOf(const std::vector<Block>& body) {
  std::vector<std::string> texts;
  for (const Block& block : body) {
    ForEachText(block, [&](TextRole role, absl::string_view text) {
      if (role == TextRole::kStory) texts.emplace_back(text);
    });
  }
  return absl::StrJoin(texts, "\n");
}

// Takes what its text needs off `room`; without the text if that is not there.
Json UpdateJson(const LiveUpdate& update, const std::vector<Contributor>& contributors, size_t& room) {
  const std::string text = TextOf(update.body);
  const size_t size = EscapedSize(text);
  Json json = {{"@type", "BlogPosting"},
               {"identifier", update.id},
               {"headline", update.headline.empty() ? text.substr(0, text.find('\n')) : update.headline},
               {"datePublished", Rfc3339(update.create_time)},
               {"dateModified", Rfc3339(update.update_time)}};
  if (!text.empty() && size <= room) {
    json["articleBody"] = text;
    room -= size;
  }
  for (const std::string& id : update.contributor_ids) {
    const auto found = absl::c_find_if(contributors, [&](const Contributor& one) { return one.id == id; });
    if (found == contributors.end()) continue;
    json["author"].push_back(AuthorJson({found->display_name, found->kind == Contributor::Kind::kPerson}));
  }
  return json;
}

}  // namespace

std::string WriteArticleJsonLd(const FeedItem& item, const Site& site) {
  const LiveArticle& live = item.article.open_part();
  const Content& content = live.article.content;
  Json json = {{"@context", "https://schema.org"},
               {"@type", TypeOf(content.type)},
               {"@id", UrnOf(live.article)},
               {"url", item.url},
               {"mainEntityOfPage", {{"@type", "WebPage"}, {"@id", item.url}}},
               {"headline", content.headline},
               {"inLanguage", live.article.language_code},
               {"datePublished", Rfc3339(*live.article.publish_time)},
               {"dateModified", Rfc3339(item.update_time)},
               {"articleSection", live.section.display_name},
               {"publisher", PublisherJson(site)}};
  for (const Credit& author : AuthorsOf(live)) json["author"].push_back(AuthorJson(author));
  for (const Tag& tag : live.tags) json["keywords"].push_back(tag.display_name);
  for (const Correction& correction : live.corrections) {
    json["correction"].push_back(CorrectionJson(correction.said.text.text, correction.create_time));
  }
  if (item.is_retracted()) {
    json["creativeWorkStatus"] = "Retracted";
    json["correction"].push_back(CorrectionJson(item.summary, live.article.retraction->retract_time));
    return WriteJson(json);
  }
  AddAccess(Granted(item.article.decision()), json);
  if (!item.summary.empty()) json["description"] = item.summary;
  if (item.lead_image.has_value()) json["image"].push_back(ImageJson(*item.lead_image));
  if (content.dateline.has_value()) json["dateline"] = content.dateline->place;
  if (content.rights.has_value() && !content.rights->notice.empty()) json["copyrightNotice"] = content.rights->notice;
  return WriteJson(json);
}

std::string WriteLiveJsonLd(const LiveCoverage& coverage, const std::vector<LiveUpdate>& updates,
                            const std::vector<Contributor>& contributors, const Site& site) {
  absl::Time modified = coverage.update_time;
  size_t room = kMaxFeedHtmlBytes;
  Json posts = Json::array();
  for (const LiveUpdate& update : updates) {
    modified = std::max(modified, update.update_time);
    posts.push_back(UpdateJson(update, contributors, room));
  }
  Json json = {{"@context", "https://schema.org"},
               {"@type", "LiveBlogPosting"},
               {"identifier", LiveCoverageName(coverage.id)},
               {"headline", coverage.headline},
               {"inLanguage", coverage.language_code},
               {"coverageStartTime", Rfc3339(coverage.create_time)},
               {"datePublished", Rfc3339(coverage.create_time)},
               {"dateModified", Rfc3339(modified)},
               {"isAccessibleForFree", true},
               {"publisher", PublisherJson(site)},
               {"author", PublisherJson(site)},
               {"liveBlogUpdate", std::move(posts)}};
  if (!coverage.dek.empty()) json["description"] = coverage.dek;
  if (coverage.close_time.has_value()) json["coverageEndTime"] = Rfc3339(*coverage.close_time);
  return WriteJson(json);
}

}  // namespace masthead::articles
