// Issuing invoices and having them collected. All within the caller's transaction, which has locked the member and,
// where there is one, the subscription; the books are kept in the same stroke.
#pragma once

#include <cstdint>
#include <optional>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/db/database.h"
#include "common/events/feed.h"
#include "services/memberships/books/invoice.h"
#include "services/memberships/books/invoice_draft.h"
#include "services/memberships/books/invoice_store.h"
#include "services/memberships/books/payment.h"

namespace masthead::memberships {

// Issues it, uses up what the member has to the good, books it and announces `invoice.issued`, and `invoice.paid` if
// nothing is left to pay. What no provider would take, such as a few cents, is carried: the member owes it, and the
// next invoice asks for it. An invoice of a checkout is for what was agreed there, and leaves the member's good alone.
// Nothing if this period of the subscription was billed before.
std::optional<Invoice> IssueInvoice(db::Transaction& tx, events::Feed& feed, const InvoiceDraft& draft, absl::Time now);

// An attempt to collect what is due of the invoice, as it is before the provider is asked.
Payment ChargeOf(const Invoice& invoice, absl::string_view provider, absl::string_view payment_method, absl::Time now);

// Makes the next attempt to collect what is due: a payment that the payment worker takes to the provider once `tx` is
// committed. False if an earlier attempt is not resolved, or nothing is due, or there is no payment method.
bool RequestCharge(db::Transaction& tx, const Invoice& invoice, absl::string_view provider,
                   absl::string_view payment_method, absl::Time now);

// Of an OPEN invoice; others stay as they are.
void VoidInvoice(db::Transaction& tx, events::Feed& feed, absl::string_view invoice_id, absl::Time now);
void MarkUncollectible(db::Transaction& tx, events::Feed& feed, absl::string_view invoice_id, absl::Time now);

// Puts money to the good of the member for what was paid and not used, of the invoice: never more than was paid for it
// less what was given back before. Returns how much.
int64_t CreditUnused(db::Transaction& tx, absl::string_view invoice_id, int64_t amount, absl::Time now);

// Gives back through the provider, of the invoice's payments, at most what is left of them. Returns how much.
int64_t RefundUnused(db::Transaction& tx, absl::string_view invoice_id, int64_t amount, absl::string_view reason,
                     absl::Time now);

}  // namespace masthead::memberships
