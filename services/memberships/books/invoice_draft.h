// What an invoice is to say, and what that comes to.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/time/time.h"
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

}  // namespace masthead::memberships
