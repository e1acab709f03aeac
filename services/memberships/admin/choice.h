// Sets of words that a caller may choose from: roles, scopes.
#pragma once

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "common/base/errors.h"

namespace masthead::memberships {

// Sorts `chosen` and drops repetitions; adds one violation, naming the choice, if a word is not among `known`.
void CheckChoice(absl::string_view field, absl::Span<const absl::string_view> known, std::vector<std::string>& chosen,
                 FieldViolations& violations);

}  // namespace masthead::memberships
