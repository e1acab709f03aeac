#include "services/memberships/books/book_errors.h"

#include <map>
#include <string>

#include "absl/strings/str_cat.h"
#include "common/base/errors.h"
#include "services/memberships/errors.h"

namespace masthead::memberships {
namespace {

using absl::StatusCode;
using Metadata = std::map<std::string, std::string>;

absl::Status NotFound(absl::string_view type, absl::string_view name, const char* reason) {
  return WithResource(MakeError(StatusCode::kNotFound, absl::StrCat("there is no ", name),
                                {kErrorDomain, reason, {{"name", std::string(name)}}}),
                      absl::StrCat("memberships.masthead.dev/", type), name);
}

absl::Status Precondition(absl::string_view message, const char* reason, Metadata metadata) {
  return MakeError(StatusCode::kFailedPrecondition, message, {kErrorDomain, reason, std::move(metadata)});
}

}  // namespace

absl::Status CheckoutNotFound(absl::string_view name) { return NotFound("Checkout", name, "CHECKOUT_NOT_FOUND"); }
absl::Status InvoiceNotFound(absl::string_view name) { return NotFound("Invoice", name, "INVOICE_NOT_FOUND"); }
absl::Status PaymentNotFound(absl::string_view name) { return NotFound("Payment", name, "PAYMENT_NOT_FOUND"); }

absl::Status PaymentUnresolved(absl::string_view payment) {
  return Precondition(absl::StrCat("what became of ", payment, " is not known yet"), "PAYMENT_UNRESOLVED",
                      {{"name", std::string(payment)}});
}

absl::Status PaymentMethodMissing(absl::string_view subscription) {
  return Precondition("there is no payment method to charge", "PAYMENT_METHOD_MISSING",
                      {{"name", std::string(subscription)}});
}

absl::Status CardDeclined(absl::string_view code, bool retryable) {
  return Precondition("the provider declined the charge", "CARD_DECLINED",
                      {{"code", std::string(code)}, {"retryable", retryable ? "true" : "false"}});
}

absl::Status RefundTooLarge(int64_t refundable) {
  return MakeError(StatusCode::kOutOfRange, absl::StrCat("at most ", refundable, " is left of the payment"),
                   {kErrorDomain, "REFUND_TOO_LARGE", {{"refundable", absl::StrCat(refundable)}}});
}

absl::Status SubscribedAlready(absl::string_view existing) {
  return MakeError(StatusCode::kAlreadyExists, absl::StrCat("the member has ", existing),
                   {kErrorDomain, "SUBSCRIPTION_EXISTS", {{"name", std::string(existing)}}});
}

}  // namespace masthead::memberships
