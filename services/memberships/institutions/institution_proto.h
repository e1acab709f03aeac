// Institutions, to and from the wire.
#pragma once

#include <set>
#include <string>

#include "absl/strings/string_view.h"
#include "common/base/errors.h"
#include "masthead/memberships/v1/institution.pb.h"
#include "services/memberships/institutions/institution.h"

namespace masthead::memberships {

v1::Institution ToProto(const Institution& institution);

// Writes `fields` of `proto` into `institution`. Adds a violation for what cannot be read; `field` is the path of the
// institution in the request.
void ParseFields(absl::string_view field, const v1::Institution& proto, const std::set<std::string>& fields,
                 Institution& institution, FieldViolations& violations);

}  // namespace masthead::memberships
