// What search engines are told about a page in schema.org's words, as JSON that may stand in a script element.
#pragma once

#include <string>
#include <vector>

#include "services/articles/feeds/feed.h"
#include "services/articles/live/live_coverage.h"
#include "services/articles/taxonomy/contributor.h"

namespace masthead::articles {

// The class of the element that holds what only some readers get: the page's own, as Google's rules for paywalled
// content want it.
inline constexpr char kGatedSelector[] = ".masthead-gated";

// NewsArticle, without its text. Corrections are told as CorrectionComment; a retracted article has its notice as one,
// and nothing else of what it said.
std::string WriteArticleJsonLd(const FeedItem& item, const Site& site);

// LiveBlogPosting with its latest updates. `contributors` has all that the updates name.
std::string WriteLiveJsonLd(const LiveCoverage& coverage, const std::vector<LiveUpdate>& updates,
                            const std::vector<Contributor>& contributors, const Site& site);

}  // namespace masthead::articles
