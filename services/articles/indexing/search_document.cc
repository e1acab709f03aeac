#include "services/articles/indexing/search_document.h"

#include <algorithm>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "services/articles/article/block_text.h"
#include "services/articles/indexing/lexemes.h"
#include "services/articles/indexing/words.h"

namespace masthead::articles {
namespace {

// Postgres' own limits: places beyond are all this one, and a lexeme has so many places at most.
constexpr size_t kMaxPlace = 16383;
constexpr size_t kMaxPlaces = 255;
// What Postgres needs for a lexeme beside its bytes, and for each place.
constexpr size_t kLexemeOverhead = 12;
constexpr size_t kPlaceBytes = 2;
// Between texts, so that no phrase goes from one into the next.
constexpr size_t kGap = 5;

class Builder {
 public:
  explicit Builder(Analysis analysis) : analysis_(analysis) {}

  void Add(absl::string_view text, absl::string_view weight) {
    for (const Word& word : SplitWords(text)) {
      if (words_ == kMaxIndexedWords) return;
      ++words_;
      ++place_;
      AddLexeme(LexemeOf(word.folded, analysis_), weight);
    }
    place_ += kGap;
  }

  std::string Build() const {
    std::string document;
    for (const auto& [lexeme, places] : lexemes_) {
      absl::StrAppend(&document, document.empty() ? "'" : " '");
      for (const char c : lexeme) {
        if (c == '\'' || c == '\\') document += c;
        document += c;
      }
      absl::StrAppend(&document, "':", places.text);
    }
    return document;
  }

 private:
  struct Places {
    std::string text;
    size_t count = 0;
  };

  void AddLexeme(const std::string& lexeme, absl::string_view weight) {
    if (lexeme.empty()) return;
    auto found = lexemes_.find(lexeme);
    const size_t bytes = kPlaceBytes + (found == lexemes_.end() ? lexeme.size() + kLexemeOverhead : 0);
    if (bytes_ + bytes > kMaxDocumentBytes) return;
    if (found == lexemes_.end()) found = lexemes_.try_emplace(lexeme).first;
    Places& places = found->second;
    if (places.count == kMaxPlaces) return;
    bytes_ += bytes;
    ++places.count;
    absl::StrAppend(&places.text, places.text.empty() ? "" : ",", std::min(place_, kMaxPlace), weight);
  }

  const Analysis analysis_;
  absl::flat_hash_map<std::string, Places> lexemes_;
  size_t words_ = 0;
  size_t place_ = 0;
  size_t bytes_ = 0;
};

}  // namespace

std::string MakeSearchDocument(const Content& content, const std::vector<std::string>& names,
                               absl::string_view language_code) {
  Builder builder(AnalysisOf(language_code));
  builder.Add(content.headline, "A");
  builder.Add(content.kicker, "B");
  builder.Add(content.dek, "B");
  for (const std::string& name : names) builder.Add(name, "C");
  for (const Block& block : content.body) {
    ForEachText(block, [&](TextRole role, absl::string_view text) {
      if (role != TextRole::kRepeated && role != TextRole::kProgram) builder.Add(text, "");
    });
  }
  return builder.Build();
}

}  // namespace masthead::articles
