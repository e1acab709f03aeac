// Other terms for a subscription: what they are, when they begin, and what that costs.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/db/database.h"
#include "services/memberships/books/invoice.h"
#include "services/memberships/books/invoicing.h"
#include "services/memberships/subscriptions/offerings.h"
#include "services/memberships/subscriptions/subscription.h"

namespace masthead::memberships {

enum class ChangeTiming { kByDirection, kImmediate, kAtPeriodEnd };

// What somebody asks for. What is unset stays as it is; with another price the amount is the price's.
struct WantedChange {
  std::optional<std::string> price_id;
  std::optional<int64_t> amount;
  std::optional<int32_t> seats;
  ChangeTiming timing = ChangeTiming::kByDirection;
  std::optional<absl::Time> proration_time;  // As a preview answered it.
};

// How long what a preview showed can be had.
inline constexpr absl::Duration kPreviewLifetime = absl::Hours(1);

// The terms that were asked for. PRICE_NOT_FOUND, PRICE_ARCHIVED, CURRENCY_MISMATCH, AMOUNT_OUT_OF_RANGE,
// INVALID_FIELD.
absl::StatusOr<SubscriptionTerms> WantedTerms(Offerings& offerings, db::Transaction& tx,
                                              const Subscription& subscription, const WantedChange& wanted);

// Whether they begin now, or with the next period: unless the caller says, what brings more begins now. In a trial
// nothing is paid and everything begins now.
bool BeginsNow(const Subscription& subscription, const SubscriptionTerms& terms, ChangeTiming timing);

// The time from which the new terms are charged. PREVIEW_OUTDATED if `wanted` names one that is in the future, more
// than kPreviewLifetime ago, or before this period.
absl::StatusOr<absl::Time> ProrationTime(const Subscription& subscription, const WantedChange& wanted, absl::Time now);

// What is paid for the rest of the period from `time` is credited, never more than was paid for it; the new terms are
// charged for the rest of the period, or for a whole one where the interval is another. `invoices` are all of the
// subscription's.
InvoiceDraft DraftOfChange(Offerings& offerings, const Subscription& subscription, const SubscriptionTerms& terms,
                           const std::vector<Invoice>& invoices, absl::Time time, absl::Time now);

// The new terms begin at `time`. INVALID_TRANSITION.
absl::Status ApplyChange(Offerings& offerings, Subscription& subscription, const SubscriptionTerms& terms,
                         absl::Time time, absl::Time now);

// Of what was paid for the period that it is in, tax included: what falls to the time from `now` on.
int64_t UnusedMoney(const Subscription& subscription, const std::vector<Invoice>& invoices, absl::Time now);

}  // namespace masthead::memberships
