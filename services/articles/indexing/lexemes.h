// What a word is looked for as. The same for what is indexed and for what is asked.
#pragma once

#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace masthead::articles {

// Counts the ways of analysis there have been, so that what an earlier one indexed is indexed again: to be raised with
// every change of words, stems, stop words or weights.
inline constexpr int kAnalysisVersion = 1;

// How the words of a text are treated: by its language. Ukrainian and English texts are full of each other's words, so
// there every word goes by its script: Cyrillic is Ukrainian, Latin is English. Elsewhere a word is itself.
enum class Analysis { kStems, kWords };

Analysis AnalysisOf(absl::string_view language_code);

// `folded` is a Word's. Empty for a word that is not looked for, because it is everywhere.
std::string LexemeOf(absl::string_view folded, Analysis analysis);

// In whatever language: each lexeme that the word may be indexed as.
std::vector<std::string> LexemesOf(absl::string_view folded);

}  // namespace masthead::articles
