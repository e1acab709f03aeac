// What payments and facts from providers do to the books, and through them to subscriptions, gifts and donations.
#pragma once

#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/db/database.h"
#include "common/events/feed.h"
#include "services/memberships/payments/provider.h"

namespace masthead::memberships {

// What became of applying a fact.
enum class FactEffect {
  kApplied,
  kDuplicate,  // Known already.
  kParked,     // About something that is not here yet: to be tried again.
};

// Facts are commutative and idempotent: whatever order and number they come in, the end is the same. Locks what it
// touches, in the service's order.
FactEffect ApplyFact(db::Transaction& tx, events::Feed& feed, absl::string_view provider, const ProviderFact& fact,
                     absl::Time now);

// Records what the provider answered to a charge or a refund of ours, as if a fact had told it. UNKNOWN sets when to
// look it up: after 1 minute, 5 minutes, an hour, then daily.
void RecordCharge(db::Transaction& tx, events::Feed& feed, const std::string& payment_id, const ChargeOutcome& outcome,
                  absl::Time now);
void RecordRefund(db::Transaction& tx, events::Feed& feed, const std::string& refund_id, const RefundOutcome& outcome,
                  absl::Time now);

}  // namespace masthead::memberships
