#include "services/memberships/admin/staff_member.h"

#include "absl/strings/str_cat.h"
#include "services/memberships/admin/choice.h"

namespace masthead::memberships {
namespace {

constexpr absl::string_view kRoles[] = {"admin", "campaigner", "editor", "finance", "reporter", "support"};

}  // namespace

std::string StaffMemberName(absl::string_view id) { return absl::StrCat("staffMembers/", id); }

void CheckRoles(absl::string_view field, std::vector<std::string>& roles, FieldViolations& violations) {
  CheckChoice(field, kRoles, roles, violations);
}

}  // namespace masthead::memberships
