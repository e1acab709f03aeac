// Errors of alerts (reasons of v1::ErrorReason).
#pragma once

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace masthead::notifications {

absl::Status ArticleNotPublic(absl::string_view name);
absl::Status DedupeKeyUsed(absl::string_view message_name);

}  // namespace masthead::notifications
