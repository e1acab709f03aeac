// How long a token lives.
#pragma once

#include <string>
#include <vector>

#include "absl/time/time.h"
#include "services/memberships/grants/grant.h"

namespace masthead::memberships {

inline constexpr absl::Duration kMemberTokenLifetime = absl::Minutes(10);
inline constexpr absl::Duration kStaffTokenLifetime = absl::Minutes(10);
inline constexpr absl::Duration kEntitlementTokenLifetime = absl::Minutes(5);
inline constexpr absl::Duration kBackendTokenLifetime = absl::Minutes(15);

// What a member's token says of tiers, and for how long it may say so.
struct TokenTiers {
  std::vector<std::string> tier_ids;
  absl::Duration lifetime;  // Whole seconds, as `exp` counts.
};

// A token never outlives a tier that it carries. A tier with less than a second to go is left out: it would make a
// token that is born dead.
TokenTiers TiersForToken(const std::vector<Grant>& grants, absl::Time now);

}  // namespace masthead::memberships
