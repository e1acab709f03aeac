#include "services/memberships/tokens/lifetime.h"

#include <algorithm>

namespace masthead::memberships {

TokenTiers TiersForToken(const std::vector<Grant>& grants, absl::Time now) {
  TokenTiers token = {.tier_ids = {}, .lifetime = kMemberTokenLifetime};
  for (Entitlement& entitlement : EntitlementsAt(grants, now)) {
    if (entitlement.end_time) {
      const absl::Duration remaining = absl::Floor(*entitlement.end_time - now, absl::Seconds(1));
      if (remaining < absl::Seconds(1)) continue;
      token.lifetime = std::min(token.lifetime, remaining);
    }
    token.tier_ids.push_back(std::move(entitlement.tier_id));
  }
  return token;
}

}  // namespace masthead::memberships
