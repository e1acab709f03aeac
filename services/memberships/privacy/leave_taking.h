// Telling payment providers to forget who was erased here. A provider that does not answer is told
// again later, for as long as it takes.
#pragma once

#include "absl/status/statusor.h"
#include "common/base/scope.h"
#include "common/db/database.h"
#include "services/memberships/payments/providers.h"

namespace masthead::memberships {

// Tells every provider of one member who is due; false if there is none. PROVIDER_UNAVAILABLE if one did not answer: it
// is told again later and later.
absl::StatusOr<bool> TakeLeave(db::Database& database, const Providers& providers, const Scope& scope);

}  // namespace masthead::memberships
