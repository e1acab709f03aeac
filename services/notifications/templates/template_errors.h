// Errors about templates that editors write: the twin of their reasons in error_reason.proto.
#pragma once

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace masthead::notifications {

absl::Status TemplateExists(absl::string_view name);
absl::Status TemplateNotCommitted(absl::string_view name);
absl::Status TemplateBuiltIn(absl::string_view name);
absl::Status TemplateInvalid(absl::string_view locale, absl::string_view part, absl::string_view why);
absl::Status RevisionNotFound(absl::string_view name);

}  // namespace masthead::notifications
