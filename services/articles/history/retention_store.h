// How long the history of articles is kept.
#pragma once

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/base/scope.h"
#include "common/db/database.h"

namespace masthead::articles {

// The least time that revisions are kept.
inline constexpr absl::Duration kLeastRevisionRetention = absl::Hours(30 * 24);

struct Retention {
  absl::Duration revisions = absl::InfiniteDuration();  // At least kLeastRevisionRetention.
  absl::Duration events = absl::InfiniteDuration();     // What ListArticleEvents tells.
};

// Clears away one batch of what is older, and tells whether more may be left. Never a revision that is the latest, that
// readers have or ever had, that is planned, under review or shown by a preview link, or that a translation was made
// of.
absl::StatusOr<bool> ClearAwayHistory(db::Database& database, const Scope& scope, const Retention& retention);

}  // namespace masthead::articles
