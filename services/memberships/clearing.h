// What this service has of its own that counts no longer: meters whose window has ended, sign-ins and sessions that are
// over.
#pragma once

#include "absl/status/statusor.h"
#include "common/base/scope.h"
#include "common/db/database.h"

namespace masthead::memberships {

// Removes one batch of each; whether more may be left. Every replica does it.
absl::StatusOr<bool> ClearAwayOld(db::Database& database, const Scope& scope);

}  // namespace masthead::memberships
