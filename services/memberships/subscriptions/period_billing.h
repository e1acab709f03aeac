// Billing a period of a subscription, and having it paid.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/db/database.h"
#include "common/events/feed.h"
#include "services/memberships/books/invoice.h"
#include "services/memberships/books/invoicing.h"
#include "services/memberships/subscriptions/offerings.h"
#include "services/memberships/subscriptions/subscription.h"

namespace masthead::memberships {

// Issues the invoice of the period that has just begun, and counts it against the offer; the subscription knows if
// nothing is to pay. Nothing if the period was billed before. The caller stores the subscription.
std::optional<Invoice> BillPeriod(db::Transaction& tx, events::Feed& feed, Offerings& offerings,
                                  Subscription& subscription, absl::string_view checkout_id, absl::Time now);

// The OPEN invoice of the period that it is in; nothing if there is none.
std::optional<Invoice> FindDueInvoice(db::Transaction& tx, const Subscription& subscription);

// Those that are OPEN: this period's, ones of periods that were caught up with, and of changes that are not paid.
std::vector<Invoice> LoadOpenInvoices(db::Transaction& tx, absl::string_view subscription_id);

// Lets go what is not paid, as VOID.
void VoidOpenInvoices(db::Transaction& tx, events::Feed& feed, absl::string_view subscription_id, absl::Time now);

// Forgets a change that is applied once its invoice is paid, and lets the invoice go. The caller stores the
// subscription.
void DropUnpaidChange(db::Transaction& tx, events::Feed& feed, Subscription& subscription, absl::Time now);

// A charge for this period failed, or there was nothing to charge: stores that, and asks the member for another method
// the first time. No transition of the state machine if the period is paid already.
void FallPastDue(db::Transaction& tx, events::Feed& feed, Offerings& offerings, Subscription& subscription,
                 absl::string_view decline_code, bool retryable, absl::Time now);

// It was waited long enough.
void GiveUp(db::Transaction& tx, events::Feed& feed, Subscription& subscription, absl::Time now);

}  // namespace masthead::memberships
