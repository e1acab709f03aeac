// What can be wrong with a price or an offer.
#pragma once

#include <cstdint>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace masthead::memberships {

absl::Status PriceNotFound(absl::string_view id);
absl::Status PriceExists(absl::string_view id);
absl::Status PriceArchived(absl::string_view id);
absl::Status OfferNotFound(absl::string_view id);
absl::Status OfferExists(absl::string_view id);
absl::Status OfferEnded(absl::string_view id);
absl::Status OfferExhausted(absl::string_view id, int64_t limit);
absl::Status OfferNotApplicable(absl::string_view id);
absl::Status OfferRedeemed(absl::string_view id);

}  // namespace masthead::memberships
