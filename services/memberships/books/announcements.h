// What memberships tells the other services of invoices and payments. `tx` has locked or inserted what an announcement
// is about.
#pragma once

#include <cstdint>

#include "absl/time/time.h"
#include "common/db/database.h"
#include "common/events/feed.h"
#include "services/memberships/books/invoice.h"
#include "services/memberships/books/payment.h"

namespace masthead::memberships {

// `invoice.issued`: of one that was just inserted.
void AnnounceIssued(db::Transaction& tx, events::Feed& feed, const Invoice& invoice, absl::Time now);

// `type`: `invoice.paid`, `invoice.voided` or `invoice.uncollectible`.
void AnnounceInvoice(db::Transaction& tx, events::Feed& feed, const char* type, const Invoice& invoice, absl::Time now);

// `type`: `payment.succeeded` and so on; `amount` is what the event is about.
void AnnouncePayment(db::Transaction& tx, events::Feed& feed, const char* type, const Payment& payment, int64_t amount,
                     absl::Time now);

}  // namespace masthead::memberships
