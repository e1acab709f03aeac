// What can be wrong with a gift.
#pragma once

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace masthead::memberships {

absl::Status GiftNotFound(absl::string_view id);
// No gift has the code that was given, which is not repeated.
absl::Status GiftCodeUnknown();
absl::Status GiftOver(absl::string_view id, absl::string_view state);

}  // namespace masthead::memberships
