// What a published article is found by: its words with their places and weights, as Postgres keeps them (tsvector).
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "services/articles/article/article.h"

namespace masthead::articles {

inline constexpr size_t kMaxIndexedWords = 100'000;
// Postgres takes less than 1 MiB, and would fail the publication with more.
inline constexpr size_t kMaxDocumentBytes = 900'000;

// The text form of a tsvector, for a cast: `'війн':3A,17 'рок':4`. The headline weighs A; kicker and dek B; `names`
// (tags and bylines, as they are shown) C; the body, for readers it is open to or not, D. Beyond the limits above the
// rest is not indexed.
std::string MakeSearchDocument(const Content& content, const std::vector<std::string>& names,
                               absl::string_view language_code);

}  // namespace masthead::articles
