// A change of a payment that succeeded, and of what it paid: stored and booked as the difference that it makes.
#pragma once

#include <optional>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/db/database.h"
#include "services/memberships/books/invoice.h"
#include "services/memberships/books/ledger.h"
#include "services/memberships/books/payment.h"

namespace masthead::memberships {

// The caller changes `payment`, which `tx` has locked, and `disputes()`, and then saves.
class PaymentChange {
 public:
  // Locks the invoice that the payment was kept for.
  PaymentChange(db::Transaction& tx, Payment& payment);

  // In the order in which they came. What is appended is inserted.
  std::vector<Dispute>& disputes() { return disputes_; }

  // What was lost of the payment is lost to its invoice, as far as that goes. `kind` and `refund_id` are the ledger's.
  void Save(const char* kind, absl::string_view refund_id, absl::Time now);

  // Unset for a payment that was kept for none.
  const std::optional<Invoice>& invoice() const { return invoice_; }

 private:
  Posting Books() const;

  db::Transaction& tx_;
  Payment& payment_;
  std::vector<Dispute> disputes_;
  std::optional<Invoice> invoice_;
  Posting before_;
  int64_t lost_before_ = 0;
};

}  // namespace masthead::memberships
