// Comparing what providers list with what reached us: an event that was lost on its way is taken from the list.
#pragma once

#include "absl/status/statusor.h"
#include "common/base/scope.h"
#include "common/db/database.h"
#include "services/memberships/collecting/inbox.h"
#include "services/memberships/payments/providers.h"

namespace masthead::memberships {

// All providers whose turn it is, every 10 minutes each; how many events had been lost.
absl::StatusOr<int> Reconcile(db::Database& database, Inbox& inbox, const Providers& providers, const Scope& scope);

}  // namespace masthead::memberships
