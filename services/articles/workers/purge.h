// Removes for good what was deleted 30 days ago.
#pragma once

#include "absl/time/time.h"
#include "common/base/scope.h"
#include "common/db/database.h"

namespace masthead::articles {

// Purges a batch of articles whose time has come; gives the time until it is worth doing again. Every replica does it.
absl::Duration PurgeDeleted(db::Database& database, const Scope& scope);

}  // namespace masthead::articles
