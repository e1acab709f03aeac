// Links that ended long ago are forgotten.
#pragma once

#include "absl/time/time.h"
#include "common/base/scope.h"
#include "common/db/database.h"

namespace masthead::articles {

// Forgets links that ended 30 days ago; gives the time until it is worth doing again.
absl::Duration ForgetOldLinks(db::Database& database, const Scope& scope);

}  // namespace masthead::articles
