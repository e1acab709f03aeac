// What the ledger must say about an invoice, and about a payment, as they stand. A change is booked as the difference
// between after and before: whatever way led there, and in whatever order it was told, the books are the same.
#pragma once

#include <vector>

#include "services/memberships/books/invoice.h"
#include "services/memberships/books/ledger.h"
#include "services/memberships/books/payment.h"

namespace masthead::memberships {

// Balances but for what was paid of it and not refunded, which is the payments' side.
Posting BooksOf(const Invoice& invoice);

// Where the payment's money lies: balances with the account that says whose it is.
Posting BooksOf(const Payment& payment, const std::vector<Dispute>& disputes);

// What was taken back of a payment, for good.
int64_t LostBy(const Payment& payment, const std::vector<Dispute>& disputes);

}  // namespace masthead::memberships
