// What money does to subscriptions. `tx` has locked the member; these lock the subscription.
#pragma once

#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/db/database.h"
#include "common/events/feed.h"
#include "services/memberships/books/checkout.h"
#include "services/memberships/books/invoice.h"

namespace masthead::memberships {

// Whether the money is kept. What came too late, or for a subscription that another one overtook, is given back at once
// by whoever asked.
enum class Settlement { kKept, kTooLate, kOvertaken };

// A subscription for a checkout that was opened: INCOMPLETE until it is paid. Nothing is billed yet. Returns its ID.
std::string OpenSubscription(db::Transaction& tx, events::Feed& feed, const Checkout& checkout, absl::Time now);

// The checkout's buyer is through and paid what was asked, or had nothing to pay (a trial, a full discount, a method
// for later): the subscription begins, and its first period's invoice is issued. `payment_method` may be empty.
// kTooLate after it EXPIRED or was CANCELED; kOvertaken if the member has another live one, and then this one ends.
Settlement StartSubscription(db::Transaction& tx, events::Feed& feed, const Checkout& checkout,
                             absl::string_view provider, absl::string_view payment_method, absl::Time now);

// The checkout ran out: INCOMPLETE becomes EXPIRED(NEVER_PAID); others stay.
void ExpireSubscription(db::Transaction& tx, events::Feed& feed, absl::string_view subscription_id, absl::Time now);

// An invoice of the subscription was paid, or a charge for one failed for good or for now.
void OnInvoicePaid(db::Transaction& tx, events::Feed& feed, const Invoice& invoice, absl::Time now);
void OnChargeFailed(db::Transaction& tx, events::Feed& feed, const Invoice& invoice, absl::string_view decline_code,
                    bool retryable, absl::Time now);

// Ends it at once: with `reason` REFUNDED or DISPUTE_LOST, or with its member, MERGED or ERASED.
void EndAtOnce(db::Transaction& tx, events::Feed& feed, absl::string_view subscription_id, absl::string_view reason,
               absl::Time now);

// A new payment method: what is overdue is charged to it. `old_method` says which subscriptions use it, where it is not
// about one.
void UsePaymentMethod(db::Transaction& tx, events::Feed& feed, absl::string_view subscription_id,
                      absl::string_view provider, absl::string_view payment_method, absl::Time now);
void ReplacePaymentMethod(db::Transaction& tx, events::Feed& feed, absl::string_view provider,
                          absl::string_view old_method, absl::string_view new_method, absl::Time now);

}  // namespace masthead::memberships
