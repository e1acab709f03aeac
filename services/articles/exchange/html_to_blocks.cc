#include "services/articles/exchange/html_to_blocks.h"

#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "services/articles/article/block_text.h"
#include "services/articles/exchange/block_builder.h"
#include "services/articles/exchange/html_tree.h"

namespace masthead::articles {

absl::StatusOr<std::vector<Block>> HtmlToBlocks(absl::string_view html, const HtmlSource& source, Losses& losses) {
  ASSIGN_OR_RETURN(const HtmlNode root, ParseHtml(html));
  BlockBuilder builder(source, losses);
  builder.VisitChildren(root);
  return builder.Finish();
}

std::string HtmlToText(absl::string_view html) {
  Losses ignored;
  const absl::StatusOr<std::vector<Block>> blocks = HtmlToBlocks(html, {}, ignored);
  std::string words;
  if (!blocks.ok()) return words;
  for (const Block& block : *blocks) {
    ForEachText(block, [&](TextRole role, absl::string_view text) {
      if (role == TextRole::kStory) absl::StrAppend(&words, words.empty() ? "" : "\n", text);
    });
  }
  return words;
}

}  // namespace masthead::articles
