// Errors of web push.
#pragma once

#include "absl/status/status.h"

namespace masthead::notifications::webpush {

absl::Status PushNotSetUp();

}  // namespace masthead::notifications::webpush
