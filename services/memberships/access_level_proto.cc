#include "services/memberships/access_level_proto.h"

namespace masthead::memberships {

v1::AccessRequirement::Level ToProto(AccessLevel level) {
  switch (level) {
    case AccessLevel::kPublic:
      return v1::AccessRequirement::PUBLIC;
    case AccessLevel::kRegistered:
      return v1::AccessRequirement::REGISTERED;
    case AccessLevel::kMembers:
      return v1::AccessRequirement::MEMBERS;
    case AccessLevel::kPlans:
      return v1::AccessRequirement::PLANS;
  }
  return v1::AccessRequirement::LEVEL_UNSPECIFIED;
}

AccessLevel ParseLevel(absl::string_view field, int level, FieldViolations& violations) {
  switch (level) {
    case v1::AccessRequirement::PUBLIC:
      return AccessLevel::kPublic;
    case v1::AccessRequirement::REGISTERED:
      return AccessLevel::kRegistered;
    case v1::AccessRequirement::MEMBERS:
      return AccessLevel::kMembers;
    case v1::AccessRequirement::PLANS:
      return AccessLevel::kPlans;
    default:
      violations.Add(field, "must be a level that this server knows");
      return AccessLevel::kPlans;
  }
}

}  // namespace masthead::memberships
