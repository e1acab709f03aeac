// What can be wrong with an institution.
#pragma once

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace masthead::memberships {

absl::Status InstitutionNotFound(absl::string_view id);
absl::Status InstitutionExists(absl::string_view id);

}  // namespace masthead::memberships
