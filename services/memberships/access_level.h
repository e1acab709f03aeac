// How far something is open, in one word for all of memberships.
#pragma once

#include <optional>

#include "absl/strings/string_view.h"

namespace masthead::memberships {

enum class AccessLevel { kPublic, kRegistered, kMembers, kPlans };

absl::string_view Name(AccessLevel level);
std::optional<AccessLevel> ParseAccessLevel(absl::string_view name);

}  // namespace masthead::memberships
