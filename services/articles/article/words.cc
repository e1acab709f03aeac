#include "services/articles/article/words.h"

#include "common/text/characters.h"
#include "services/articles/article/block_text.h"

namespace masthead::articles {
namespace {

constexpr int32_t kWordsAMinute = 220;

bool JoinsWords(char32_t c) { return c == '\'' || c == U'’' || c == U'ʼ' || c == '-' || c == U'‑' || c == U'\u00AD'; }

bool IsRead(TextRole role) { return role == TextRole::kStory || role == TextRole::kAside; }

// Whoever may read the whole article is not shown what invites others to it.
bool IsInvitation(const Block& block) {
  const auto* gate = std::get_if<GatedBlocks>(&block.kind);
  return gate != nullptr && gate->audience == GatedBlocks::Audience::kNonMembers;
}

}  // namespace

int32_t CountWords(absl::string_view text) {
  int32_t words = 0;
  bool in_word = false;
  while (!text.empty()) {
    const char32_t c = text::TakeCodePoint(text);
    if (text::IsLetterOrDigit(c)) {
      if (!in_word) ++words;
      in_word = true;
    } else if (!JoinsWords(c) && !text::IsMark(c)) {
      in_word = false;
    }
  }
  return words;
}

int32_t CountWords(const Content& content) {
  int32_t words = CountWords(content.headline) + CountWords(content.dek);
  for (const Block& block : content.body) {
    if (IsInvitation(block)) continue;
    ForEachText(block, [&](TextRole role, absl::string_view text) {
      if (IsRead(role)) words += CountWords(text);
    });
  }
  return words;
}

int32_t ReadingSeconds(int32_t words) {
  return static_cast<int32_t>((int64_t{words} * 60 + kWordsAMinute - 1) / kWordsAMinute);
}

}  // namespace masthead::articles
