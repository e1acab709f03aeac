// Brings a front page together from what lists hold and readers have.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/db/database.h"
#include "common/filter/filter.h"
#include "services/articles/curation/curated_list.h"
#include "services/articles/curation/front_page.h"

namespace masthead::articles {

// What an AUTOMATIC list is filled with. BAD_FILTER.
absl::StatusOr<filter::Filter> ParseListFilter(const CuratedList& list);

// The lists, in the order of `ids`, each article in the first that has it; at `as_of`, unless that is unset or past.
// In a transaction that holds a snapshot. CURATED_LIST_NOT_FOUND.
absl::StatusOr<FrontPage> LoadFrontPage(db::Transaction& tx, const std::vector<std::string>& ids,
                                        std::optional<absl::Time> as_of);

}  // namespace masthead::articles
