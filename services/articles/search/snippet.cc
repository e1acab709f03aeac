#include "services/articles/search/snippet.h"

#include <algorithm>
#include <set>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/text/characters.h"
#include "common/text/text.h"
#include "services/articles/article/block_text.h"
#include "services/articles/indexing/lexemes.h"
#include "services/articles/indexing/words.h"

namespace masthead::articles {
namespace {

// Longer texts are looked at only so far: a list must be quick.
constexpr size_t kMaxBytesLookedAt = 64 << 10;
// Where the first match stands in its snippet, in bytes at least.
constexpr size_t kLead = 60;

struct Match {
  size_t begin = 0;
  size_t end = 0;
  std::string lexeme;
};

std::vector<Match> FindMatches(absl::string_view text, const SearchQuery& query, Analysis analysis) {
  std::vector<Match> matches;
  for (Word& word : SplitWords(text)) {
    std::string lexeme = LexemeOf(word.folded, analysis);
    const bool begins_so = !query.prefix.empty() && absl::StartsWith(word.folded, query.prefix);
    if (begins_so || query.lexemes.contains(lexeme)) matches.push_back({word.begin, word.end, std::move(lexeme)});
  }
  return matches;
}

// Different words weigh more than the same again.
size_t WorthOf(const std::vector<Match>& matches, size_t first, size_t max_bytes) {
  std::set<absl::string_view> different;
  size_t all = 0;
  for (size_t i = first; i < matches.size() && matches[i].end - matches[first].begin <= max_bytes; ++i, ++all) {
    different.insert(matches[i].lexeme);
  }
  return different.size() * 100 + std::min<size_t>(all, 99);
}

// The beginning of a word at or after `position`, but not after `limit`.
size_t WordBegin(absl::string_view text, size_t position, size_t limit) {
  if (position == 0) return 0;
  const size_t space = text.substr(0, limit).find(' ', position);
  return space == absl::string_view::npos ? limit : space + 1;
}

Snippet Cut(absl::string_view text, const std::vector<Match>& matches, size_t around) {
  const size_t begin = around <= kLead ? 0 : WordBegin(text, around - kLead, around);
  absl::string_view cut = text::FirstCodePoints(text.substr(begin), kMaxSnippetCodePoints);
  const bool to_the_end = begin + cut.size() == text.size();
  if (!to_the_end) {
    const size_t space = cut.rfind(' ');
    if (space != absl::string_view::npos && begin + space > around) cut = cut.substr(0, space);
  }
  Snippet snippet = {absl::StrCat(begin == 0 ? "" : "…", cut, to_the_end ? "" : "…"), {}};
  const int64_t shift = begin == 0 ? 0 : 1;
  for (const Match& match : matches) {
    if (match.begin < begin || match.end > begin + cut.size()) continue;
    const int64_t start = shift + text::CodePoints(text.substr(begin, match.begin - begin));
    const int64_t end = start + text::CodePoints(text.substr(match.begin, match.end - match.begin));
    snippet.matches.push_back({static_cast<int32_t>(start), static_cast<int32_t>(end)});
  }
  return snippet;
}

// Keeps the best place of the texts it is shown.
class BestPlace {
 public:
  BestPlace(const SearchQuery& query, Analysis analysis) : query_(query), analysis_(analysis) {}

  void Consider(absl::string_view text) {
    if (text.empty() || looked_at_ >= kMaxBytesLookedAt) return;
    looked_at_ += text.size();
    const std::vector<Match> matches = FindMatches(text, query_, analysis_);
    constexpr size_t kWindow = kMaxSnippetCodePoints - kLead;
    for (size_t i = 0; i < matches.size(); ++i) {
      const size_t worth = WorthOf(matches, i, kWindow);
      if (worth <= worth_) continue;
      worth_ = worth;
      best_ = Cut(text, matches, matches[i].begin);
    }
  }

  bool found() const { return worth_ > 0; }
  Snippet Take() { return std::move(best_); }

 private:
  const SearchQuery& query_;
  const Analysis analysis_;
  Snippet best_;
  size_t worth_ = 0;
  size_t looked_at_ = 0;
};

}  // namespace

Snippet MakeSnippet(const GatedArticle& article, const SearchQuery& query) {
  const Article& open = article.open_part().article;
  const Analysis analysis = AnalysisOf(open.language_code);
  BestPlace place(query, analysis);
  place.Consider(open.content.dek);
  for (const Block& block : article.visible_body()) {
    ForEachText(block, [&](TextRole role, absl::string_view text) {
      if (role == TextRole::kStory || role == TextRole::kAside) place.Consider(text);
    });
  }
  if (place.found()) return place.Take();
  return Cut(article.excerpt(), FindMatches(article.excerpt(), query, analysis), 0);
}

}  // namespace masthead::articles
