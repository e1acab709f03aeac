// The errors of signing in and of sessions.
#pragma once

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace masthead::memberships {

absl::Status SignInFailed();
// `wait` is how long no other request is heard.
absl::Status TooManySignIns(absl::Duration wait);
absl::Status SessionNotFound(absl::string_view name);
absl::Status SessionOver();

}  // namespace masthead::memberships
