// A tier: a level of membership, which articles may ask for.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/base/errors.h"

namespace masthead::memberships {

struct Tier {
  enum class State { kActive, kArchived };

  std::string id;
  std::string display_name;
  std::string description;
  std::vector<std::string> benefits;
  State state = State::kActive;
  int64_t revision = 1;
  absl::Time create_time;
  absl::Time update_time;
};

std::string TierName(absl::string_view id);

absl::string_view Name(Tier::State state);
std::optional<Tier::State> ParseTierState(absl::string_view name);

// Normalises and checks what a caller may set. `field` is the path of the tier in the request.
void CheckTier(absl::string_view field, Tier& tier, FieldViolations& violations);

// An archived tier stays as it is.
absl::Status CheckNotArchived(const Tier& tier);

// Ends the granting. TIER_ARCHIVED if it has ended.
absl::Status Archive(Tier& tier);

}  // namespace masthead::memberships
