#include "services/memberships/access_level.h"

namespace masthead::memberships {

absl::string_view Name(AccessLevel level) {
  switch (level) {
    case AccessLevel::kPublic:
      return "PUBLIC";
    case AccessLevel::kRegistered:
      return "REGISTERED";
    case AccessLevel::kMembers:
      return "MEMBERS";
    case AccessLevel::kPlans:
      return "PLANS";
  }
  return "LEVEL_UNSPECIFIED";
}

std::optional<AccessLevel> ParseAccessLevel(absl::string_view name) {
  for (AccessLevel level :
       {AccessLevel::kPublic, AccessLevel::kRegistered, AccessLevel::kMembers, AccessLevel::kPlans}) {
    if (Name(level) == name) return level;
  }
  return std::nullopt;
}

}  // namespace masthead::memberships
