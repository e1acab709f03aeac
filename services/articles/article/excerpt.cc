#include "services/articles/article/excerpt.h"

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "common/text/characters.h"
#include "common/text/text.h"

namespace masthead::articles {
namespace {

std::string CutAtWord(absl::string_view text) {
  if (text::CodePoints(text) <= kMaxExcerptCodePoints) return std::string(text);
  absl::string_view cut = text::FirstCodePoints(text, kMaxExcerptCodePoints - 1);
  const size_t space = cut.rfind(' ');
  if (space != absl::string_view::npos && space > cut.size() / 2) cut = cut.substr(0, space);
  return absl::StrCat(absl::StripTrailingAsciiWhitespace(cut), "…");
}

}  // namespace

std::string MakeExcerpt(absl::string_view dek, const std::vector<Block>& visible) {
  if (!dek.empty()) return CutAtWord(dek);
  for (const Block& block : visible) {
    if (const auto* paragraph = std::get_if<Paragraph>(&block.kind)) return CutAtWord(paragraph->text.text);
  }
  return "";
}

std::string MakeExcerpt(const Content& content) {
  const bool is_public = content.access.level == Access::Level::kPublic;
  return MakeExcerpt(content.dek, is_public ? content.body : std::vector<Block>());
}

}  // namespace masthead::articles
