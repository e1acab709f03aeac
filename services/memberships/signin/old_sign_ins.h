// Forgetting sign-ins and sessions that are over.
#pragma once

#include "absl/time/time.h"
#include "common/base/scope.h"
#include "common/db/database.h"

namespace masthead::memberships {

// One batch; gives the time until it is worth looking again.
absl::Duration ForgetOldSignIns(db::Database& database, const Scope& scope);

}  // namespace masthead::memberships
