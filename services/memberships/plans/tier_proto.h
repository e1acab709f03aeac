// Tiers, to and from the wire.
#pragma once

#include <set>
#include <string>

#include "masthead/memberships/v1/tier.pb.h"
#include "services/memberships/plans/tier.h"

namespace masthead::memberships {

v1::Tier ToProto(const Tier& tier);

// Writes `fields` of `proto` into `tier`, as they came.
void ParseFields(const v1::Tier& proto, const std::set<std::string>& fields, Tier& tier);

}  // namespace masthead::memberships
