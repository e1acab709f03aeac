// Prices, to and from the wire.
#pragma once

#include "absl/strings/string_view.h"
#include "common/base/errors.h"
#include "masthead/memberships/v1/price.pb.h"
#include "services/memberships/plans/price.h"

namespace masthead::memberships {

v1::Price ToProto(const Price& price);

// What a caller may choose, with what is left out filled in. Adds a violation for what cannot be read; `field` is the
// path of the price in the request.
Price ParsePrice(absl::string_view field, const v1::Price& proto, FieldViolations& violations);

}  // namespace masthead::memberships
