// Who may read what: the rule that a requirement is held against.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "services/memberships/access_level.h"
#include "services/memberships/grants/grant.h"

namespace masthead::memberships {

// What something asks of its readers.
struct AccessRequirement {
  using Level = AccessLevel;

  Level level = Level::kPlans;
  std::vector<std::string> tier_ids;  // For kPlans.
};

// All that access depends on. A value, so that it can be kept: it is good until a grant of the member changes, and
// tells the truth at any `now` from when it was read.
struct Standing {
  bool registered = false;
  std::vector<Grant> grants;  // Those of the member that are not over, and of institutions with the member's domain.
  std::vector<Grant> from_network;  // Of institutions whose network it is read from, whoever reads.
};

struct AccessDecision {
  enum class Reason { kOpenToAll, kIsRegistered, kHasTier, kNotRegistered, kLacksTier };

  bool granted = false;
  Reason reason = Reason::kNotRegistered;
  std::vector<std::string> tier_ids;   // For kHasTier: those that admit, sorted.
  std::optional<absl::Time> end_time;  // For kHasTier: when the last of them ends.
  bool registered = false;
  std::vector<std::string> held_tier_ids;  // All that the member has, sorted.
};

AccessDecision Decide(const AccessRequirement& requirement, const Standing& standing, absl::Time now);

}  // namespace masthead::memberships
