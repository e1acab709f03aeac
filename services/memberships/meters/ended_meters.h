// Forgets what readers have read, once it no longer counts.
#pragma once

#include "absl/time/time.h"
#include "common/base/scope.h"
#include "common/db/database.h"

namespace masthead::memberships {

// Removes a batch of the meters whose window has ended; gives the time until it is worth doing again. Every replica
// does it.
absl::Duration ForgetEndedMeters(db::Database& database, const Scope& scope);

}  // namespace masthead::memberships
