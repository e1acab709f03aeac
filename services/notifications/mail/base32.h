// RFC 4648 section 6, in lower case and without padding: for what must survive where the case of letters does not.
#pragma once

#include <optional>
#include <string>

#include "absl/strings/string_view.h"

namespace masthead::notifications::mail {

std::string Base32(absl::string_view bytes);

// Takes either case; none for other characters and for bits left over that are not zero.
std::optional<std::string> ParseBase32(absl::string_view text);

}  // namespace masthead::notifications::mail
