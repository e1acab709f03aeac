// Subscriptions, to and from the wire.
#pragma once

#include <string>

#include "common/base/errors.h"
#include "masthead/memberships/v1/subscription.pb.h"
#include "masthead/memberships/v1/subscriptions_service.pb.h"
#include "services/memberships/billing/money.h"
#include "services/memberships/books/invoice.h"
#include "services/memberships/subscriptions/changing.h"
#include "services/memberships/subscriptions/subscription.h"

namespace masthead::memberships {

v1::Subscription ToProto(const Subscription& subscription);

v1::Money ToMoney(const Money& money);

// What a change that begins at `proration_time` charges, as its invoice says.
void WriteCharge(const Invoice& invoice, absl::Time proration_time, v1::ChangeSubscriptionResponse& response);

WantedChange ParseWantedChange(const v1::ChangeSubscriptionRequest& request, FieldViolations& violations);

// The value's name; empty if it is not told.
std::string ParseCancelReason(v1::CancelReason reason, FieldViolations& violations);

}  // namespace masthead::memberships
