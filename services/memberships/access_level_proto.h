// Access levels, to and from the wire.
#pragma once

#include "absl/strings/string_view.h"
#include "common/base/errors.h"
#include "masthead/memberships/v1/entitlements_service.pb.h"
#include "services/memberships/access_level.h"

namespace masthead::memberships {

v1::AccessRequirement::Level ToProto(AccessLevel level);

// A level that is not known adds a violation for `field`, and is taken for the most closed: access fails closed.
AccessLevel ParseLevel(absl::string_view field, int level, FieldViolations& violations);

}  // namespace masthead::memberships
