// Blocks as HTML, for whoever shows an article outside the newsroom's own pages: feeds, letters, exports. The one place
// that makes HTML of text.
//
// Every text is escaped, an address leads only where IsLinkTarget lets it, and what could run is left out: HTML as it
// is, and embeds of hosts that are not known. So what comes out of here runs nothing, whatever a body holds.
//
// It renders what it is given. What a reader may have of an article is decided before, by the gate; a gate that is
// still among the blocks stays closed.
#pragma once

#include <map>
#include <string>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "services/articles/article/block.h"

namespace masthead::articles {

// Where an article that another one names is found.
struct ArticleLink {
  std::string headline;
  std::string url;
};

struct HtmlOptions {
  std::map<std::string, ArticleLink> related = {};  // By article ID; a related article that is not here is left out.
};

std::string RenderHtml(absl::Span<const Block> blocks, const HtmlOptions& options = {});

// A picture with its own alternative text, its caption and its credit; nothing if its address is none.
std::string RenderHtml(const Image& image);

// Text with marks, within a block; line breaks are kept.
std::string RenderHtml(const RichText& rich);

// Text for between tags and for attributes in quotes; only what AllowedInMarkup leaves of it.
std::string EscapeHtml(absl::string_view text);

// The text without the code points that neither HTML nor XML 1.0 may hold, escaped or not: controls but tab and line
// feed, U+FFFE and U+FFFF.
std::string AllowedInMarkup(absl::string_view text);

}  // namespace masthead::articles
