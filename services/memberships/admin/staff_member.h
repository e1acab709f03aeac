// Somebody who works for the newsroom, and the roles there are.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/base/errors.h"

namespace masthead::memberships {

struct StaffMember {
  std::string id;
  std::string email;
  std::string email_normal;
  std::string display_name;
  std::vector<std::string> roles;  // Sorted, without repetition.
  int64_t revision = 1;
  absl::Time create_time;
  absl::Time update_time;
};

std::string StaffMemberName(absl::string_view id);

// Sorts `roles` and drops repetitions; adds a violation for each that is none.
void CheckRoles(absl::string_view field, std::vector<std::string>& roles, FieldViolations& violations);

}  // namespace masthead::memberships
