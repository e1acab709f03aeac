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

// Ranking and counting have to look at each candidate: only so many, the newest matches, are candidates.
inline constexpr int kMaxCandidates = 1000;

// The latest first publication first, after `after`.
std::vector<SearchPosition> LoadNewestMatches(db::Transaction& tx, const SearchTerms& terms,
                                              const std::optional<SearchPosition>& after, int limit);

// Those of the candidates that match best, without the first `skip`.
std::vector<SearchPosition> LoadBestMatches(db::Transaction& tx, const std::vector<SearchPosition>& candidates,
                                            const std::string& tsquery, int skip, int limit);

// What candidates are counted by.
enum class Facet { kSection, kTag, kYear };

struct FacetCount {
  std::string value;  // An ID, or a year.
  int candidates = 0;
};

inline constexpr int kMaxFacetCounts = 20;

// The most frequent first, at most kMaxFacetCounts.
std::vector<FacetCount> CountByFacet(db::Transaction& tx, const std::vector<SearchPosition>& candidates, Facet facet);

}  // namespace masthead::articles
