// What callers may ask of a subscription, done in the caller's transaction, which has locked the member and the
// subscription. INVALID_TRANSITION for what does not apply.
#pragma once

#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/db/database.h"
#include "common/events/feed.h"
#include "services/memberships/books/invoice.h"
#include "services/memberships/subscriptions/changing.h"
#include "services/memberships/subscriptions/subscription.h"

namespace masthead::memberships {

// What is not used of a period that was paid, when a subscription ends at once.
enum class UnusedTime { kKeep, kCredit, kRefund, kForfeit };

// The change is stored: applied, waiting for its invoice, or for the next period.
struct RequestedChange {
  std::optional<Invoice> invoice;  // Of a change that begins now and is not free of charge.
  absl::Time proration_time;
};
absl::StatusOr<RequestedChange> RequestChange(db::Transaction& tx, events::Feed& feed, Subscription& subscription,
                                              const WantedChange& wanted, absl::Time now);

absl::Status CancelAtPeriodEnd(db::Transaction& tx, events::Feed& feed, Subscription& subscription,
                               absl::string_view reason, absl::Time now);
absl::Status CancelNow(db::Transaction& tx, events::Feed& feed, Subscription& subscription, absl::string_view reason,
                       UnusedTime unused, absl::Time now);

// Withdraws a cancellation or ends a pause. Of a subscription that goes on anyway nothing is stored.
absl::Status ResumeOnRequest(db::Transaction& tx, events::Feed& feed, Subscription& subscription, absl::Time now);

absl::Status PauseOnRequest(db::Transaction& tx, events::Feed& feed, Subscription& subscription,
                            std::optional<absl::Time> resume_time, bool waive_debt, absl::Time now);

absl::Status ApplyRetentionOffer(db::Transaction& tx, events::Feed& feed, Subscription& subscription,
                                 absl::string_view offer_id, absl::Time now);

}  // namespace masthead::memberships
