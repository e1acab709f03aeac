// Where buyers are sent after a checkout: to the newspaper's own pages, and nowhere else.
#pragma once

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "common/base/errors.h"

namespace masthead::memberships {

// Adds a violation unless `url` is at one of `origins`, such as `https://news.example`, and at most 2,048 printable
// ASCII characters. Without origins nothing is.
void CheckReturnUrl(absl::string_view field, absl::string_view url, const std::vector<std::string>& origins,
                    FieldViolations& violations);

}  // namespace masthead::memberships
