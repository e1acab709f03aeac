// What goes wrong with suppressions.
#pragma once

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace masthead::notifications {

absl::Status SuppressionNotFound(absl::string_view name);

}  // namespace masthead::notifications
