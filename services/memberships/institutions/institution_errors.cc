#include "services/memberships/institutions/institution_errors.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "common/base/errors.h"
#include "services/memberships/errors.h"

namespace masthead::memberships {

absl::Status InstitutionNotFound(absl::string_view id) {
  const std::string name = absl::StrCat("institutions/", id);
  return WithResource(MakeError(absl::StatusCode::kNotFound, absl::StrCat("there is no ", name),
                                {kErrorDomain, "INSTITUTION_NOT_FOUND", {{"name", name}}}),
                      "memberships.masthead.dev/Institution", name);
}

absl::Status InstitutionExists(absl::string_view id) {
  const std::string name = absl::StrCat("institutions/", id);
  return MakeError(absl::StatusCode::kAlreadyExists, absl::StrCat(name, " is there already"),
                   {kErrorDomain, "INSTITUTION_EXISTS", {{"name", name}}});
}

}  // namespace masthead::memberships
