#include "services/articles/indexing/words.h"

#include <utility>

#include "common/text/characters.h"

namespace masthead::articles {
namespace {

constexpr size_t kMaxLetters = 100;
constexpr char32_t kUkrainianApostrophe = U'ʼ';

bool IsCyrillicLetter(char32_t c) { return c >= 0x0400 && c <= 0x052F; }

bool IsApostrophe(char32_t c) { return c == U'\'' || c == U'’' || c == U'`' || c == kUkrainianApostrophe; }

// Accents over a letter that NFC could not put into it (in Cyrillic: stress), and what is inside a word unseen.
bool IsOverlooked(char32_t c) {
  return (c >= 0x0300 && c <= 0x036F) || c == 0x00AD || (c >= 0x200B && c <= 0x200D) || c == 0x2060;
}

char32_t Fold(char32_t c) {
  const char32_t lower = text::ToLower(c);
  if (lower == U'ґ') return U'г';
  if (lower == U'ё') return U'е';
  return IsCyrillicLetter(lower) ? lower : text::WithoutDiacritics(lower);
}

class Splitter {
 public:
  explicit Splitter(absl::string_view text) : text_(text), rest_(text) {}

  std::vector<Word> Split() {
    while (!rest_.empty()) {
      const size_t position = text_.size() - rest_.size();
      const char32_t c = text::TakeCodePoint(rest_);
      if (IsApostrophe(c)) {
        if (!Joins()) Finish();
      } else if (text::IsLetterOrDigit(c) || (text::IsMark(c) && InWord() && !IsOverlooked(c))) {
        Append(c, position);
      } else if (!IsOverlooked(c)) {
        Finish();
      }
    }
    Finish();
    return std::move(words_);
  }

 private:
  bool InWord() const { return letters_ > 0; }

  // Takes the apostrophe before `rest_` into the word if letters are on both its sides.
  bool Joins() {
    if (!InWord() || rest_.empty() || !text::IsLetter(last_)) return false;
    absl::string_view after = rest_;
    const char32_t next = text::TakeCodePoint(after);
    if (!text::IsLetter(next) || IsApostrophe(next)) return false;
    text::AppendCodePoint(IsCyrillicLetter(last_) && IsCyrillicLetter(next) ? kUkrainianApostrophe : U'\'',
                          word_.folded);
    return true;
  }

  void Append(char32_t c, size_t position) {
    if (!InWord()) word_.begin = position;
    text::AppendCodePoint(Fold(c), word_.folded);
    word_.end = text_.size() - rest_.size();
    last_ = c;
    ++letters_;
  }

  void Finish() {
    if (InWord() && letters_ <= kMaxLetters) words_.push_back(std::move(word_));
    word_ = {};
    letters_ = 0;
  }

  const absl::string_view text_;
  absl::string_view rest_;
  std::vector<Word> words_;
  Word word_;
  size_t letters_ = 0;
  char32_t last_ = 0;
};

}  // namespace

std::vector<Word> SplitWords(absl::string_view text) { return Splitter(text).Split(); }

bool IsCyrillic(absl::string_view folded) { return !folded.empty() && IsCyrillicLetter(text::TakeCodePoint(folded)); }

}  // namespace masthead::articles
