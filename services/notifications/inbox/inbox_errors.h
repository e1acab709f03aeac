// Errors of inboxes.
#pragma once

#include <cstdint>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace masthead::notifications {

absl::Status InboxItemNotFound(absl::string_view name);
absl::Status ResumeSeqAhead(int64_t seq);

}  // namespace masthead::notifications
