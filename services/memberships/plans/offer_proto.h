// Offers, to and from the wire.
#pragma once

#include <set>
#include <string>

#include "absl/strings/string_view.h"
#include "common/base/errors.h"
#include "masthead/memberships/v1/offer.pb.h"
#include "services/memberships/plans/offer.h"

namespace masthead::memberships {

v1::Offer ToProto(const Offer& offer);

// What a caller may choose. Adds a violation for what cannot be read; `field` is the path of the offer in the request.
Offer ParseOffer(absl::string_view field, const v1::Offer& proto, FieldViolations& violations);

// Writes `fields` of what may change into `offer`.
void ParseFields(absl::string_view field, const v1::Offer& proto, const std::set<std::string>& fields, Offer& offer,
                 FieldViolations& violations);

}  // namespace masthead::memberships
