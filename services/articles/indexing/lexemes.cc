#include "services/articles/indexing/lexemes.h"

#include <utility>

#include "services/articles/indexing/english.h"
#include "services/articles/indexing/ukrainian.h"
#include "services/articles/indexing/words.h"

namespace masthead::articles {

Analysis AnalysisOf(absl::string_view language_code) {
  const absl::string_view language = language_code.substr(0, language_code.find('-'));
  return language == "uk" || language == "en" ? Analysis::kStems : Analysis::kWords;
}

std::string LexemeOf(absl::string_view folded, Analysis analysis) {
  if (analysis == Analysis::kWords) return std::string(folded);
  if (IsCyrillic(folded)) return IsUkrainianStopWord(folded) ? "" : StemUkrainian(folded);
  return IsEnglishStopWord(folded) ? "" : StemEnglish(folded);
}

std::vector<std::string> LexemesOf(absl::string_view folded) {
  std::string stem = LexemeOf(folded, Analysis::kStems);
  // A stop word of these languages may be a word of another, but it is everywhere all the same.
  if (stem.empty()) return {};
  std::string word(folded);
  if (stem == word) return {std::move(word)};
  return {std::move(stem), std::move(word)};
}

}  // namespace masthead::articles
