// A text as words to be looked for: where they are, and the one form in which they are compared. Nothing here depends
// on the database's locale.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace masthead::articles {

struct Word {
  std::string folded;  // Lower case, without stress marks and diacritics; `ґ` is `г`, `ё` is `е`.
  size_t begin = 0;    // In the text, in bytes.
  size_t end = 0;
};

// Runs of letters and digits of `text`, which is in NFC. An apostrophe between letters, however it was typed, is part
// of the word: U+02BC between Cyrillic letters, U+0027 between others. Nobody looks for longer words than 100 letters;
// they are left out.
std::vector<Word> SplitWords(absl::string_view text);

// Whether `folded`, of a Word, begins with a Cyrillic letter.
bool IsCyrillic(absl::string_view folded);

}  // namespace masthead::articles
