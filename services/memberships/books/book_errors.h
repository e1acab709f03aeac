// The errors of checkouts, invoices, payments and the books that this service reports on purpose.
#pragma once

#include <cstdint>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace masthead::memberships {

absl::Status CheckoutNotFound(absl::string_view name);
absl::Status InvoiceNotFound(absl::string_view name);
absl::Status PaymentNotFound(absl::string_view name);
// `payment` is the one that is not resolved.
absl::Status PaymentUnresolved(absl::string_view payment);
absl::Status PaymentMethodMissing(absl::string_view subscription);
absl::Status CardDeclined(absl::string_view code, bool retryable);
absl::Status RefundTooLarge(int64_t refundable);
// A checkout of what the member has: `existing`.
absl::Status SubscribedAlready(absl::string_view existing);

}  // namespace masthead::memberships
