#include "services/articles/article/words.h"

#include "common/text/characters.h"

namespace masthead::articles {
namespace {

constexpr int32_t kWordsAMinute = 220;

bool JoinsWords(char32_t c) { return c == '\'' || c == U'’' || c == U'ʼ' || c == '-' || c == U'‑' || c == U'\u00AD'; }

struct WordsOf {
  int32_t operator()(const Paragraph& paragraph) const { return CountWords(paragraph.text.text); }
  int32_t operator()(const Heading& heading) const { return CountWords(heading.text.text); }
  int32_t operator()(const Quote& quote) const { return CountWords(quote.text.text); }
  int32_t operator()(const Image& image) const { return CountWords(image.caption); }
  int32_t operator()(const List& list) const {
    int32_t words = 0;
    for (const RichText& item : list.items) words += CountWords(item.text);
    return words;
  }
  int32_t operator()(const Divider&) const { return 0; }
  int32_t operator()(const Embed&) const { return 0; }
  int32_t operator()(const PaywallMarker&) const { return 0; }
};

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
  for (const Block& block : content.body) words += std::visit(WordsOf(), block.kind);
  return words;
}

int32_t ReadingSeconds(int32_t words) {
  return static_cast<int32_t>((int64_t{words} * 60 + kWordsAMinute - 1) / kWordsAMinute);
}

}  // namespace masthead::articles
