// Meters and their policies, to and from the wire.
#pragma once

#include <set>
#include <string>

#include "absl/strings/string_view.h"
#include "common/base/errors.h"
#include "masthead/memberships/v1/meter.pb.h"
#include "masthead/memberships/v1/meter_policy.pb.h"
#include "services/memberships/meters/meter.h"
#include "services/memberships/meters/meter_policy.h"

namespace masthead::memberships {

v1::MeterPolicy ToProto(const MeterPolicy& policy);

// Writes `fields` of `proto` into `policy`, as they came. Adds a violation for what has no meaning here.
void ParseFields(absl::string_view field, const v1::MeterPolicy& proto, const std::set<std::string>& fields,
                 MeterPolicy& policy, FieldViolations& violations);

// The meter of a reader to whom the policy gives `max_views`.
v1::Meter ToProto(const Meter& meter, absl::string_view policy_id, int32_t max_views);

}  // namespace masthead::memberships
