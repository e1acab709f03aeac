#include "services/memberships/entitlements/access.h"

#include <algorithm>

namespace masthead::memberships {
namespace {

using Level = AccessRequirement::Level;
using Reason = AccessDecision::Reason;

bool Admits(const AccessRequirement& requirement, const std::string& tier_id) {
  if (requirement.level != Level::kPlans) return true;
  return std::find(requirement.tier_ids.begin(), requirement.tier_ids.end(), tier_id) != requirement.tier_ids.end();
}

// Most readers are in nobody's network: nothing is copied for them.
std::vector<Entitlement> Held(const Standing& standing, absl::Time now) {
  if (!standing.registered) return EntitlementsAt(standing.from_network, now);
  if (standing.from_network.empty()) return EntitlementsAt(standing.grants, now);
  std::vector<Grant> grants = standing.from_network;
  grants.insert(grants.end(), standing.grants.begin(), standing.grants.end());
  return EntitlementsAt(grants, now);
}

}  // namespace

AccessDecision Decide(const AccessRequirement& requirement, const Standing& standing, absl::Time now) {
  AccessDecision decision = {.registered = standing.registered};
  const std::vector<Entitlement> held = Held(standing, now);
  for (const Entitlement& entitlement : held) decision.held_tier_ids.push_back(entitlement.tier_id);
  if (requirement.level == Level::kPublic || (requirement.level == Level::kRegistered && standing.registered)) {
    decision.granted = true;
    decision.reason = requirement.level == Level::kPublic ? Reason::kOpenToAll : Reason::kIsRegistered;
    return decision;
  }
  if (standing.registered) decision.reason = Reason::kLacksTier;
  bool ends = true;
  for (const Entitlement& entitlement : held) {
    if (!Admits(requirement, entitlement.tier_id)) continue;
    decision.granted = true;
    decision.reason = Reason::kHasTier;
    decision.tier_ids.push_back(entitlement.tier_id);
    ends &= entitlement.end_time.has_value();
    if (ends) decision.end_time = std::max(decision.end_time.value_or(*entitlement.end_time), *entitlement.end_time);
  }
  if (!ends) decision.end_time.reset();
  return decision;
}

}  // namespace masthead::memberships
