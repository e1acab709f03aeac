// Errors of letters to desks (reasons of v1::ErrorReason).
#pragma once

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace masthead::notifications {

absl::Status DeskNotFound(absl::string_view name);
absl::Status DeskLetterNotFound(absl::string_view name);
absl::Status LetterRefused(absl::string_view cause);
// `wait` until one more is taken.
absl::Status LettersRateLimited(absl::Duration wait);

}  // namespace masthead::notifications
