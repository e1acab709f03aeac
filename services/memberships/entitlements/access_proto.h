// Requirements and decisions, to and from the wire.
#pragma once

#include "absl/strings/string_view.h"
#include "common/base/errors.h"
#include "masthead/memberships/v1/entitlements_service.pb.h"
#include "services/memberships/entitlements/access.h"
#include "services/memberships/meters/metered_reading.h"

namespace masthead::memberships {

// A level that is not known adds a violation: access fails closed.
AccessRequirement ParseRequirement(absl::string_view field, const v1::AccessRequirement& proto,
                                   FieldViolations& violations);

v1::AccessDecision ToProto(const AccessDecision& decision);

// A denial, as the reader's meter turned it.
v1::AccessDecision ToProto(const AccessDecision& decision, const MeterAnswer& answer);

}  // namespace masthead::memberships
