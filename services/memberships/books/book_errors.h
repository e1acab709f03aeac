// The errors of checkouts, invoices, payments and the books that this service reports on purpose.
#pragma once

#include <cstdint>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace masthead::memberships {

absl::Status CheckoutNotFound(absl::string_view name);
absl::Status InvoiceNotFound(absl::string_view name);
absl::Status PaymentNotFound(absl::string_view name);
// Of a checkout or an invoice in a state to which `event` does not apply.
absl::Status NotInThisState(absl::string_view name, absl::string_view state, absl::string_view event);
// `payment` is the one that is not resolved.
absl::Status PaymentUnresolved(absl::string_view payment);
absl::Status PaymentMethodMissing(absl::string_view subscription);
absl::Status CardDeclined(absl::string_view code, bool retryable);
absl::Status RefundTooLarge(int64_t refundable);
absl::Status CurrencyMismatch(absl::string_view expected, absl::string_view given);
absl::Status NoAnswerFromProvider();
absl::Status AmountNotAllowed(int64_t least, int64_t most);
// A checkout of a price that nothing new is sold at.
absl::Status PriceNotSold(absl::string_view price);
// A checkout for a subscription that the member has not.
absl::Status NoSuchSubscription(absl::string_view name);
// A checkout of what the member has: `existing`.
absl::Status SubscribedAlready(absl::string_view existing);

}  // namespace masthead::memberships
