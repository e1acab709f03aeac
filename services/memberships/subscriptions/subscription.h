// A subscription: what a member has for money, period after period. A plain record and what follows from it; how it may
// move says subscription_machine.h, and what a move does to it subscription_moves.h.
//
// Access is not a state: it ends at a time that follows from what is paid, and is compared with the clock when somebody
// asks. A worker or a provider that is down takes nothing from readers who pay.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "services/memberships/billing/money.h"
#include "services/memberships/billing/period.h"

namespace masthead::memberships {

// What is paid, how often, for what: as bought.
struct SubscriptionTerms {
  std::string price_id;
  std::string tier_id;  // Empty: a recurring donation.
  Money money;          // Of a period and a seat.
  int32_t seats = 1;
  std::optional<BillingInterval> interval;  // For good if unset.
  int32_t tax_basis_points = 0;
  int32_t grace_days = 21;
};

// What a period costs, before discounts and tax.
int64_t PeriodPrice(const SubscriptionTerms& terms);

// What they bring in a year, before discounts and tax; 0 where nothing comes again.
int64_t AnnualRevenue(const SubscriptionTerms& terms);

bool SameInterval(const SubscriptionTerms& one, const SubscriptionTerms& other);

struct Subscription {
  enum class State { kIncomplete, kTrialing, kActive, kPastDue, kPaused, kCanceled, kExpired };
  // Who collects: our clock through the provider, the payer by transfer or cash, or an engine of the provider's own.
  enum class Collection { kAutomatic, kManual, kExternal };
  enum class EndReason {
    kNone,
    kRequested,
    kNeverPaid,
    kNoPaymentMethod,
    kPaymentFailed,
    kOvertaken,  // Another subscription of the member was there first.
    kRefunded,
    kDisputeLost,
    kMerged,  // With its member, into one that has another.
    kErased,  // With its member.
  };
  // What it shall be later: once an invoice is paid, or else from the next period on.
  struct PendingChange {
    std::string price_id;
    int64_t amount = 0;
    int32_t seats = 1;
    std::string invoice_id;  // Empty: from the next period on.
  };

  std::string member_id;
  std::string id;
  std::string product_group;  // A member has one live subscription of each: `membership`, `donation`.
  State state = State::kIncomplete;
  Collection collection = Collection::kManual;
  SubscriptionTerms terms;
  absl::TimeZone time_zone = absl::UTCTimeZone();  // Frozen: boundaries may neither overlap nor leave a hole.
  std::string offer_id;                            // Empty where there is none.
  std::optional<int32_t> offer_invoices_left;      // For ever if unset.
  int64_t lasting_discount = 0;  // What the offer takes off every period for ever; 0 for one that ends.

  absl::Time anchor_time;
  int64_t anchor_index = 0;  // Of the period that starts at the anchor.
  int64_t period_index = 0;
  absl::Time period_start_time;
  std::optional<absl::Time> period_end_time;  // For good if unset.
  bool period_paid = false;                   // Or there was nothing to pay for it.
  std::optional<absl::Time> trial_end_time;
  bool trial_reminded = false;
  bool cancel_at_period_end = false;
  std::string cancel_reason;  // A name of `CancelReason`.
  std::optional<PendingChange> pending;
  std::optional<absl::Time> pause_time;
  std::optional<absl::Time> resume_time;
  int32_t dunning_attempts = 0;          // Charges for this period that failed.
  std::optional<absl::Time> retry_time;  // When the next is made.
  std::optional<absl::Time> end_time;
  EndReason end_reason = EndReason::kNone;
  bool keeps_paid_time = false;  // Cancelled at once, but what is paid for may be read to its end.

  std::string provider;
  std::string payment_method;  // The provider's token; empty where none is known.
  // Of one that is EXTERNAL: the provider's name for it, and when the answer was asked for that it follows.
  std::string external_ref;
  std::optional<absl::Time> external_ask_time;
  int64_t revision = 1;
  int64_t event_revision = 0;
  absl::Time create_time;
  absl::Time update_time;
};

inline constexpr absl::Duration kTrialReminder = absl::Hours(3 * 24);  // Before the trial ends.

std::string SubscriptionName(absl::string_view member_id, absl::string_view id);

absl::string_view Name(Subscription::State state);
absl::string_view Name(Subscription::Collection collection);
absl::string_view Name(Subscription::EndReason reason);
std::optional<Subscription::State> ParseSubscriptionState(absl::string_view name);
std::optional<Subscription::Collection> ParseCollection(absl::string_view name);
std::optional<Subscription::EndReason> ParseEndReason(absl::string_view name);

// TRIALING, ACTIVE, PAST_DUE or PAUSED.
bool IsLive(Subscription::State state);

// Whether there is something to charge when a period begins.
bool CollectsByItself(const Subscription& subscription);

// The start of period `index`; the terms have an interval.
absl::Time BoundaryOf(const Subscription& subscription, int64_t index);

// Until when it is waited for what is due for this period.
absl::Time GraceEndTime(const Subscription& subscription);

// What it gives: a tier until a time, for good if that is unset.
struct SubscriptionAccess {
  std::string tier_id;
  std::optional<absl::Time> end_time;

  bool operator==(const SubscriptionAccess&) const = default;
};

// As things stand; nothing if it gives none. What is paid for and the days of grace on top, never more; to the very end
// of the period where it is known that none follows.
std::optional<SubscriptionAccess> AccessOf(const Subscription& subscription);

// When time alone will next move it, if ever.
std::optional<absl::Time> NextActionTime(const Subscription& subscription);

// What it brings in a year as things stand: nothing in trials and pauses, and all of it while a discount lasts that
// will end.
int64_t AnnualRevenueOf(const Subscription& subscription);

}  // namespace masthead::memberships
