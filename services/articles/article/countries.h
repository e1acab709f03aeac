// The countries that an article may be held back from.
#pragma once

#include "absl/strings/string_view.h"

namespace masthead::articles {

// Whether `code` is assigned in ISO 3166-1 alpha-2, in upper case.
bool IsCountry(absl::string_view code);

}  // namespace masthead::articles
