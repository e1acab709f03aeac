// Blocks as letters show them: HTML that mail programs understand (inline styles, no scripts, frames, players or forms)
// beside the plain text of the same. As of html.h: every text is escaped, and what could run is left out.
//
// It renders what it is given; gated blocks among it are rendered apart, each under its audience, for whoever sends the
// letter to decide.
#pragma once

#include <string>
#include <vector>

#include "absl/types/span.h"
#include "services/articles/article/block.h"
#include "services/articles/rendering/html.h"

namespace masthead::articles {

struct LetterSection {
  std::string html;
  std::string text;
  const GatedBlocks* gate = nullptr;  // Whose blocks these are; of the span that was rendered. None: for all.
};

// In the order of the blocks. Embeds, films and recordings become links, as a letter plays nothing.
std::vector<LetterSection> RenderLetter(absl::Span<const Block> blocks, const HtmlOptions& options = {});

// With the targets of links behind their words; line breaks are kept.
std::string RenderText(const RichText& rich);

}  // namespace masthead::articles
