#include "services/memberships/plans/offering_errors.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "common/base/errors.h"
#include "services/memberships/errors.h"

namespace masthead::memberships {
namespace {

using absl::StatusCode;

std::string OfferNamed(absl::string_view id) { return absl::StrCat("offers/", id); }
std::string PriceNamed(absl::string_view id) { return absl::StrCat("prices/", id); }

absl::Status NotFound(absl::string_view type, const std::string& name, const char* reason) {
  return WithResource(
      MakeError(StatusCode::kNotFound, absl::StrCat("there is no ", name), {kErrorDomain, reason, {{"name", name}}}),
      absl::StrCat("memberships.masthead.dev/", type), name);
}

absl::Status About(StatusCode code, const std::string& name, absl::string_view what, const char* reason) {
  return MakeError(code, absl::StrCat(name, what), {kErrorDomain, reason, {{"name", name}}});
}

}  // namespace

absl::Status PriceNotFound(absl::string_view id) { return NotFound("Price", PriceNamed(id), "PRICE_NOT_FOUND"); }

absl::Status PriceExists(absl::string_view id) {
  return About(StatusCode::kAlreadyExists, PriceNamed(id), " is there already", "PRICE_EXISTS");
}

absl::Status PriceArchived(absl::string_view id) {
  return About(StatusCode::kFailedPrecondition, PriceNamed(id), " is archived", "PRICE_ARCHIVED");
}

absl::Status OfferNotFound(absl::string_view id) { return NotFound("Offer", OfferNamed(id), "OFFER_NOT_FOUND"); }

absl::Status OfferExists(absl::string_view id) {
  return About(StatusCode::kAlreadyExists, OfferNamed(id), " is there already", "OFFER_EXISTS");
}

absl::Status OfferEnded(absl::string_view id) {
  return About(StatusCode::kFailedPrecondition, OfferNamed(id), " cannot be had at this time", "OFFER_ENDED");
}

absl::Status OfferExhausted(absl::string_view id, int64_t limit) {
  return MakeError(StatusCode::kFailedPrecondition, absl::StrCat(OfferNamed(id), " is used up"),
                   {kErrorDomain, "OFFER_EXHAUSTED", {{"name", OfferNamed(id)}, {"limit", absl::StrCat(limit)}}});
}

absl::Status OfferNotApplicable(absl::string_view id) {
  return About(StatusCode::kFailedPrecondition, OfferNamed(id), " is not made for this", "OFFER_NOT_APPLICABLE");
}

absl::Status OfferRedeemed(absl::string_view id) {
  return About(StatusCode::kFailedPrecondition, OfferNamed(id), " was redeemed by this member before",
               "OFFER_REDEEMED");
}

}  // namespace masthead::memberships
