// Asking providers for what is due: charges to be made, refunds to be given, and what became of those that nobody knows
// of. Every replica does it. A payment is leased, the lease committed, the provider asked outside any transaction, and
// its answer recorded in another: a crash between any two of these leaves a row that is asked about again under the
// same key.
#pragma once

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/base/scope.h"
#include "common/db/database.h"
#include "common/events/feed.h"
#include "services/memberships/payments/providers.h"

namespace masthead::memberships {

// Providers forget idempotency keys after this (Stripe: 24 hours at least). An older key is never sent again: that
// could charge twice.
inline constexpr absl::Duration kKeysAreKept = absl::Hours(24);

// A batch of payments and one of refunds; how many there were.
absl::StatusOr<int> AskProviders(db::Database& database, events::Feed& feed, const Providers& providers,
                                 const Scope& scope);

}  // namespace masthead::memberships
