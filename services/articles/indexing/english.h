// English, as far as a search needs it: Porter's second stemmer, of the Snowball library, and the words that are in
// every text.
#pragma once

#include <string>

#include "absl/strings/string_view.h"

namespace masthead::articles {

// `folded` is a Word's, in Latin letters or digits. Thread-safe.
std::string StemEnglish(absl::string_view folded);

bool IsEnglishStopWord(absl::string_view folded);

}  // namespace masthead::articles
