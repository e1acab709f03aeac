// Grants, to and from the wire.
#pragma once

#include "common/base/errors.h"
#include "masthead/memberships/v1/grant.pb.h"
#include "services/memberships/grants/grant.h"

namespace masthead::memberships {

// As it stands at `now`.
v1::Grant ToProto(const Grant& grant, absl::Time now);

// What a caller asks for: the tier, the times as far as they are given, the reason. Checked, as far as the time of the
// call does not matter.
struct WantedGrant {
  Grant grant;
  bool starts_at_once = false;
};
WantedGrant ParseGrant(const v1::Grant& proto, FieldViolations& violations);

}  // namespace masthead::memberships
