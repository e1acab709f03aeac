// Resource names (AIP-122): `articles/{article}`, `members/{member}/grants/{grant}`.
#pragma once

#include <initializer_list>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace masthead::resource {

// The IDs in `name` if it matches `pattern`, for example `recipients/*/subscriptions/*`; each ID satisfies
// ids::IsResourceId.
std::optional<std::vector<std::string>> ParseName(absl::string_view name, absl::string_view pattern);

}  // namespace masthead::resource
