// Payments, their refunds and disputes, to the wire.
#pragma once

#include <vector>

#include "masthead/memberships/v1/payment.pb.h"
#include "services/memberships/books/payment.h"

namespace masthead::memberships {

v1::Payment ToProto(const Payment& payment, const std::vector<Refund>& refunds);
v1::Dispute ToProto(const Dispute& dispute);

}  // namespace masthead::memberships
