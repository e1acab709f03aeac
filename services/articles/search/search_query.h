// What a reader typed, as people type it on the web: words, "phrases", -not, OR.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace masthead::articles {

inline constexpr size_t kMaxQueryWords = 30;

struct SearchQuery {
  // The text form of a tsquery, for a cast.
  std::string tsquery;
  // What to point out in a snippet: words of these lexemes, and words that begin so.
  absl::flat_hash_set<std::string> lexemes;
  std::string prefix;
};

struct QueryOptions {
  std::string language_code;         // Empty: all.
  bool last_word_is_prefix = false;  // Of at least three letters, and not in quotes or negated.
};

// All words must be there, in any order; those in quotes one after the other; what has a - before it must not; OR
// stands between alternatives, each of one or more words. There is no syntax error: what makes no sense is words.
// `text` is valid UTF-8 without control characters but white space.
//
// INVALID_ARGUMENT: QUERY_EMPTY if an alternative has no word to look for, because there is none, or none that is not
// everywhere, or every one is negated; INVALID_FIELD for more than kMaxQueryWords words.
absl::StatusOr<SearchQuery> ParseSearchQuery(absl::string_view text, const QueryOptions& options);

}  // namespace masthead::articles
