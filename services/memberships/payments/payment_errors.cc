#include "services/memberships/payments/payment_errors.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "common/base/errors.h"
#include "services/memberships/errors.h"

namespace masthead::memberships {
namespace {

using absl::StatusCode;

constexpr absl::Duration kRetryDelay = absl::Seconds(5);

}  // namespace

absl::Status BadSignature() {
  return MakeError(StatusCode::kUnauthenticated, "the event is not signed, not by the provider, or not lately",
                   {kErrorDomain, "BAD_SIGNATURE"});
}

absl::Status ProviderNotFound(absl::string_view provider) {
  const std::string name = absl::StrCat("paymentProviders/", provider);
  return WithResource(MakeError(StatusCode::kNotFound, absl::StrCat("there is no ", name, " here"),
                                {kErrorDomain, "PROVIDER_NOT_FOUND", {{"name", name}}}),
                      "memberships.masthead.dev/PaymentProvider", name);
}

absl::Status ProviderEventNotFound(absl::string_view name) {
  return WithResource(MakeError(StatusCode::kNotFound, absl::StrCat("there is no ", name),
                                {kErrorDomain, "PROVIDER_EVENT_NOT_FOUND", {{"name", std::string(name)}}}),
                      "memberships.masthead.dev/ProviderEvent", name);
}

absl::Status ProviderEventRejected(absl::string_view expected, absl::string_view given) {
  return MakeError(
      StatusCode::kFailedPrecondition,
      absl::StrCat("the event is of ", given, " and this installation speaks ", expected),
      {kErrorDomain, "PROVIDER_EVENT_REJECTED", {{"expected", std::string(expected)}, {"given", std::string(given)}}});
}

absl::Status ProviderUnavailable(absl::string_view provider) {
  return WithRetry(MakeError(StatusCode::kUnavailable, absl::StrCat(provider, " does not answer: repeat the call"),
                             {kErrorDomain, "PROVIDER_UNAVAILABLE"}),
                   kRetryDelay);
}

absl::Status TransferNotFound(absl::string_view reference) {
  return MakeError(StatusCode::kNotFound, "no payment was announced with this reference",
                   {kErrorDomain, "CHECKOUT_NOT_FOUND", {{"name", std::string(reference)}}});
}

}  // namespace masthead::memberships
