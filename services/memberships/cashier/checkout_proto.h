// Checkouts, to and from the wire.
#pragma once

#include <string>
#include <vector>

#include "common/base/errors.h"
#include "masthead/memberships/v1/checkout.pb.h"
#include "services/memberships/books/checkout.h"
#include "services/memberships/cashier/opening.h"

namespace masthead::memberships {

v1::Checkout ToProto(const Checkout& checkout);

// Of the member's. Buyers may be sent back to `origins`.
WantedCheckout ParseCheckout(const v1::Checkout& proto, const std::string& member_id,
                             const std::vector<std::string>& origins, FieldViolations& violations);

}  // namespace masthead::memberships
