// Payments in Postgres.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/db/database.h"
#include "services/memberships/books/payment.h"

namespace masthead::memberships {

// Where a page starts: before this one, since the newest come first.
struct PaymentCursor {
  absl::Time create_time;
  std::string id;
};

// Whoever moves a member's money holds the member, in whatever state, until `tx` ends: deleted members' payments arrive
// too.
void LockPayer(db::Transaction& tx, absl::string_view member_id);

void InsertPayment(db::Transaction& tx, const Payment& payment);

// The invoice's next attempt, with the number after the last. False if an earlier one is not resolved.
bool InsertNextAttempt(db::Transaction& tx, const Payment& payment);

std::optional<Payment> LoadPayment(db::Transaction& tx, absl::string_view id);
std::optional<Payment> LockPayment(db::Transaction& tx, absl::string_view id);
std::optional<Payment> LoadPaymentByRef(db::Transaction& tx, absl::string_view provider,
                                        absl::string_view provider_ref);
std::optional<Payment> LoadPaymentOfCheckout(db::Transaction& tx, absl::string_view checkout_id);

// The attempts for an invoice, the last one first.
std::vector<Payment> LoadAttempts(db::Transaction& tx, absl::string_view invoice_id);

// Attempts for the invoice that no provider was asked about yet will not be made: there is nothing to pay any more.
void DropUnaskedAttempts(db::Transaction& tx, absl::string_view invoice_id, absl::Time now);

// Stores what changes of `payment`, which `tx` has locked, and raises its revision. Its lease ends.
void SavePayment(db::Transaction& tx, Payment& payment);

// Counts one more event about the payment and gives its number.
int64_t RaisePaymentEventRevision(db::Transaction& tx, absl::string_view id);

// The newest first.
std::vector<Payment> LoadPayments(db::Transaction& tx, absl::string_view member_id,
                                  const std::optional<PaymentCursor>& before, int limit);

}  // namespace masthead::memberships
