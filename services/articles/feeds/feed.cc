#include "services/articles/feeds/feed.h"

#include <algorithm>
#include <utility>

#include "absl/algorithm/container.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

namespace masthead::articles {
namespace {

using Kind = CorrectionText::Kind;
using Placement = CorrectionText::Placement;

// The few words that are ours in an item, in Ukrainian for what is written in it.
absl::string_view KindLabel(Kind kind, bool is_ukrainian) {
  switch (kind) {
    case Kind::kCorrection:
      return is_ukrainian ? "Виправлення" : "Correction";
    case Kind::kClarification:
      return is_ukrainian ? "Уточнення" : "Clarification";
    case Kind::kUpdate:
      return is_ukrainian ? "Оновлення" : "Update";
    case Kind::kEditorsNote:
      return is_ukrainian ? "Від редакції" : "Editor’s note";
  }
  return "";
}

std::string NoticesHtml(const LiveArticle& live, Placement placement) {
  const bool is_ukrainian = absl::StartsWith(live.article.language_code, "uk");
  std::string html;
  for (const Correction& correction : live.corrections) {
    if (correction.said.placement != placement) continue;
    absl::StrAppend(&html, "<aside><p><strong>", KindLabel(correction.said.kind, is_ukrainian), "</strong> <time>",
                    Rfc3339(correction.create_time), "</time></p><p>", RenderHtml(correction.said.text),
                    "</p></aside>\n");
  }
  return html;
}

}  // namespace

size_t EscapedSize(absl::string_view text) {
  constexpr absl::string_view kEscaped = "<>&\"\\\n\t";
  return text.size() + 5 * absl::c_count_if(text, [&](char c) { return absl::StrContains(kEscaped, c); });
}

FeedItem MakeFeedItem(LiveArticle live, const Site& site, const HtmlOptions& options) {
  FeedItem item = {.article = Gate::OpenForOthers(std::move(live)),
                   .url = {},
                   .summary = {},
                   .html = {},
                   .lead_image = std::nullopt,
                   .update_time = absl::UnixEpoch()};
  const LiveArticle& open = item.article.open_part();
  item.url = UrlOf(site, open.article);
  item.update_time = SubstanceTime(open);
  if (item.is_retracted()) {
    item.summary = open.article.retraction->notice;
    item.html = absl::StrCat("<p>", EscapeHtml(item.summary), "</p>\n");
    return item;
  }
  if (item.article.decision() == Decision::kGeoRestricted) return item;
  item.summary = item.article.excerpt();
  item.lead_image = open.article.content.lead_image;
  item.html = NoticesHtml(open, Placement::kTop);
  if (item.lead_image.has_value()) absl::StrAppend(&item.html, RenderHtml(*item.lead_image), "\n");
  absl::StrAppend(&item.html, RenderHtml(item.article.visible_body(), options), NoticesHtml(open, Placement::kBottom));
  return item;
}

void Append(FeedItem item, Feed& feed) {
  const size_t size = EscapedSize(item.html);
  if (size > feed.room) {
    item.html.clear();
  } else {
    feed.room -= size;
  }
  feed.update_time = std::max(feed.update_time, item.update_time);
  feed.items.push_back(std::move(item));
}

std::vector<Credit> AuthorsOf(const LiveArticle& live) {
  std::vector<Credit> authors;
  std::vector<Credit> others;
  for (const CreditedByline& credited : live.bylines) {
    const std::string& name = credited.byline.display_name_override;
    Credit credit = {name.empty() ? credited.contributor.display_name : name,
                     credited.contributor.kind == Contributor::Kind::kPerson};
    (credited.byline.role == Byline::Role::kAuthor ? authors : others).push_back(std::move(credit));
  }
  return authors.empty() ? others : authors;
}

std::vector<std::string> CategoriesOf(const LiveArticle& live) {
  std::vector<std::string> categories;
  if (!live.section.display_name.empty()) categories.push_back(live.section.display_name);
  for (const Tag& tag : live.tags) categories.push_back(tag.display_name);
  return categories;
}

std::string UrnOf(const Article& article) { return absl::StrCat("urn:uuid:", article.uid); }

std::string UrlOf(const Site& site, const Article& article) {
  return absl::StrCat(site.url, UrlPath(article.language_code, article.published_slug));
}

absl::Time SubstanceTime(const LiveArticle& live) {
  absl::Time time = std::max(*live.article.publish_time, *live.article.content_update_time);
  for (const Correction& correction : live.corrections) time = std::max(time, correction.update_time);
  if (live.article.retraction.has_value()) time = std::max(time, live.article.retraction->retract_time);
  return time;
}

std::string Rfc3339(absl::Time time) { return absl::FormatTime("%Y-%m-%dT%H:%M:%SZ", time, absl::UTCTimeZone()); }

}  // namespace masthead::articles
