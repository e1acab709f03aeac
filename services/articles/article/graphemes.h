// Where the characters that readers see begin and end (UAX 29).
#pragma once

#include <vector>

#include "absl/strings/string_view.h"

namespace masthead::articles {

// For each code point of `utf8` whether a grapheme begins there; and true for the end.
std::vector<bool> GraphemeEdges(absl::string_view utf8);

}  // namespace masthead::articles
