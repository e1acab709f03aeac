// Issuing invoices and having them collected. All within the caller's transaction, which has locked the member and,
// where there is one, the subscription; the books are kept in the same stroke.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/db/database.h"
#include "common/events/feed.h"
#include "services/memberships/books/invoice.h"

namespace masthead::memberships {

// What an invoice is to say. Discounts and taxes of the lines follow from `discount` and `tax_basis_points`: rounded
// once for the whole, then shared out.
struct InvoiceDraft {
  std::string member_id;
  std::string subscription_id;
  std::string checkout_id;
  Invoice::Kind kind = Invoice::Kind::kCycle;
  std::optional<int64_t> period_index;
  std::string currency;
  std::vector<InvoiceLine> lines;
  int64_t discount = 0;
  int64_t tax_basis_points = 0;
  std::optional<absl::Time> period_start_time;
  std::optional<absl::Time> period_end_time;
  absl::Time due_time;
};

// The invoice as it would be issued, with its totals; nothing is written. A draft whose credits exceed its charges has
// the total 0 and the rest in `overhang`, which goes to the member's credit once it is issued.
struct PricedDraft {
  Invoice invoice;
  int64_t overhang = 0;
};
PricedDraft PriceDraft(const InvoiceDraft& draft);

// Issues it, uses up what the member has to the good, books it and announces `invoice.issued`, and `invoice.paid` if
// nothing is left to pay. Nothing if this period of the subscription was billed before.
std::optional<Invoice> IssueInvoice(db::Transaction& tx, events::Feed& feed, const InvoiceDraft& draft, absl::Time now);

// Makes the next attempt to collect what is due: a payment that the payment worker takes to the provider once `tx` is
// committed. False if an earlier attempt is not resolved, or nothing is due.
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

std::vector<Invoice> LoadInvoicesOf(db::Transaction& tx, absl::string_view subscription_id);  // The newest first.

}  // namespace masthead::memberships
