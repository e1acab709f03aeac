// The few words around what was looked for.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "services/articles/reading/gate.h"
#include "services/articles/search/search_query.h"

namespace masthead::articles {

inline constexpr int64_t kMaxSnippetCodePoints = 240;

struct Snippet {
  struct Range {
    int32_t start = 0;  // Code points of `text`.
    int32_t end = 0;
  };

  std::string text;
  std::vector<Range> matches;
};

// From what came through the gate, and nothing else: a match in hidden text leaves no trace. Of all texts the place
// with most of the words that were looked for; the excerpt, with what matches in it, if none has any.
Snippet MakeSnippet(const GatedArticle& article, const SearchQuery& query);

}  // namespace masthead::articles
