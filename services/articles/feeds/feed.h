// A feed as all its formats tell it: what everybody may have of the latest articles.
//
// An item is made of an article that came through the gate as for somebody of whom nothing is known, wherever that is:
// a feed is kept and passed on. So it has the preview of an article that is not open to all, and of one that must not
// be read everywhere none of its text but the headline.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "services/articles/article/block.h"
#include "services/articles/feeds/site.h"
#include "services/articles/reading/gate.h"
#include "services/articles/rendering/html.h"

namespace masthead::articles {

struct FeedItem {
  GatedArticle article;  // Never to be asked for more than what is beside it here, but for names and times.
  std::string url;
  std::string summary;  // Plain text; of a retracted article the notice.
  std::string html;     // Notices, lead image and the visible body; empty if there is nothing of them.
  std::optional<Image> lead_image;
  absl::Time update_time;  // When a reader who has it should look again.

  const Article& facts() const { return article.open_part().article; }
  bool is_retracted() const { return facts().retraction.has_value(); }
};

// Bytes of HTML in a feed, counted as XML escapes them: the whole must fit into a message of 4 MiB. The items for which
// no room is left have their summary alone.
inline constexpr size_t kMaxFeedHtmlBytes = 2 << 20;

struct Feed {
  std::string title;
  std::string description;
  std::string id;  // An IRI that never changes.
  std::string home_url;
  std::string self_url;       // Where the feed itself is found; empty if that was not told.
  std::string language_code;  // Empty for more than one.
  std::vector<FeedItem> items;
  size_t room = kMaxFeedHtmlBytes;             // For the HTML of items to come.
  absl::Time update_time = absl::UnixEpoch();  // The latest of its items'.
};

// What `text` takes in XML and in JSON at most.
size_t EscapedSize(absl::string_view text);

FeedItem MakeFeedItem(LiveArticle live, const Site& site, const HtmlOptions& options);

// Adds the item at the end.
void Append(FeedItem item, Feed& feed);

// A byline to be shown.
struct Credit {
  std::string name;
  bool is_person = false;
};

// Those who wrote it, in order; if nobody is named as author, those who are named.
std::vector<Credit> AuthorsOf(const LiveArticle& live);

// The section's name, then the tags'.
std::vector<std::string> CategoriesOf(const LiveArticle& live);

// `urn:uuid:...`: names the article for ever.
std::string UrnOf(const Article& article);

std::string UrlOf(const Site& site, const Article& article);

// When the substance of what readers have last changed: the text, a correction, its retraction.
absl::Time SubstanceTime(const LiveArticle& live);

// In UTC, to the second.
std::string Rfc3339(absl::Time time);

}  // namespace masthead::articles
