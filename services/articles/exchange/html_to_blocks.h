// HTML of other systems as blocks: what an article can hold is typed, what it cannot is left out and told.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "services/articles/article/block.h"
#include "services/articles/exchange/html_source.h"
#include "services/articles/exchange/losses.h"

namespace masthead::articles {

// Paragraphs, headings, quotes, lists, tables, code, dividers, images and galleries with their captions, video, audio,
// buttons and boxes of Ghost, the marks of running text, embeds of known players, Ghost's paywall marker and gates.
// Lists in lists become one. Scripts, styles, forms, event handlers, links that lead nowhere safe and embeds of unknown
// hosts are losses. RESOURCE_EXHAUSTED as ParseHtml.
absl::StatusOr<std::vector<Block>> HtmlToBlocks(absl::string_view html, const HtmlSource& source, Losses& losses);

// The words alone, in paragraphs with `\n` between: of a caption, an excerpt.
std::string HtmlToText(absl::string_view html);

}  // namespace masthead::articles
