// An institution: a library, university or company whose people have a tier.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/base/errors.h"

namespace masthead::memberships {

struct Institution {
  std::string id;
  std::string display_name;
  std::string tier_id;
  std::vector<std::string> domains;   // Of verified addresses, in their normal form.
  std::vector<std::string> networks;  // In CIDR notation, without host bits.
  std::optional<absl::Time> end_time;
  int64_t revision = 1;
  absl::Time create_time;
  absl::Time update_time;
};

std::string InstitutionName(absl::string_view id);

// Normalises and checks what a caller may set: lists are sorted, and say nothing twice. `field` is the path of the
// institution in the request.
void CheckInstitution(absl::string_view field, Institution& institution, FieldViolations& violations);

}  // namespace masthead::memberships
