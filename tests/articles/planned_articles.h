// Many articles that are due at once, as at nine in the morning.
#pragma once

#include <optional>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "common/db/database.h"

namespace masthead::articles {

// Plans `count` articles `story-1`, `story-2`..., in the section `national` and by `news-desk`, which exist, for
// `publish_time`, and their withdrawal if `unpublish_time` is given.
absl::Status PlanArticles(db::Database& database, int count, absl::Time publish_time,
                          std::optional<absl::Time> unpublish_time = std::nullopt);

}  // namespace masthead::articles
