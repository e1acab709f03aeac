// Finding published articles by their words, in Postgres.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "common/db/database.h"
#include "common/filter/filter.h"

namespace masthead::articles {

// What is looked for.
struct SearchTerms {
  std::string tsquery;
  std::string language_code;  // Empty: any.
  filter::Filter filter;      // Over PublishedFields().
  absl::Time published_by;    // Nothing that was first published later.
};

struct SearchPosition {
  absl::Time publish_time;
  std::string article_id;
};

// Ranking has to look at each candidate's words: only so many, the newest, are candidates.
inline constexpr int kMaxRanked = 1000;

// The latest first publication first, after `after`.
std::vector<SearchPosition> LoadNewestMatches(db::Transaction& tx, const SearchTerms& terms,
                                              const std::optional<SearchPosition>& after, int limit);

// Of the newest kMaxRanked matches those that match best, without the first `skip`.
std::vector<SearchPosition> LoadBestMatches(db::Transaction& tx, const SearchTerms& terms, int skip, int limit);

}  // namespace masthead::articles
