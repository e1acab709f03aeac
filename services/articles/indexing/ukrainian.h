// Ukrainian, as far as a search needs it: which forms are forms of one word.
//
// A stripper of endings, without a dictionary: rules of inflection, the frequent alternations of consonants, and a few
// words whose forms differ beyond them. Two forms of one word have one stem in most cases, and two words seldom have
// the same; a stem itself is no word.
#pragma once

#include <string>

#include "absl/strings/string_view.h"

namespace masthead::articles {

// `folded` is a Word's, all Cyrillic.
std::string StemUkrainian(absl::string_view folded);

// Whether the word only ties others together: і, та, що...
bool IsUkrainianStopWord(absl::string_view folded);

}  // namespace masthead::articles
