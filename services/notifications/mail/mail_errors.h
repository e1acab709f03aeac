// What a letter is refused for on purpose; the reasons are in masthead/notifications/v1/error_reason.proto.
#pragma once

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace masthead::notifications::mail {

// INVALID_ARGUMENT, reason HEADER_INJECTION: `field` would break out of its header line. The value is not repeated: it
// may be an address.
absl::Status HeaderInjection(absl::string_view field);

// INVALID_ARGUMENT, reason INVALID_ADDRESS.
absl::Status InvalidAddress(absl::string_view field, absl::string_view why);

// INVALID_ARGUMENT, reason INVALID_LETTER: a part is missing or does not fit the header it is meant for.
absl::Status InvalidLetter(absl::string_view field, absl::string_view why);

}  // namespace masthead::notifications::mail
