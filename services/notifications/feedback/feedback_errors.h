// What goes wrong with reports.
#pragma once

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace masthead::notifications {

// `why` is ours: nothing of the report stands in it.
absl::Status FeedbackUnreadable(absl::string_view why);

}  // namespace masthead::notifications
