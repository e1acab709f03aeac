// Names of templates and of their revisions (AIP-162).
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "services/notifications/templates/template_reference.h"

namespace masthead::notifications {

// `templates/{template}` or `templates/{template}@{revision}`. INVALID_FIELD under `field` if it is neither.
absl::StatusOr<TemplateReference> ParseTemplateReference(absl::string_view field, absl::string_view name);

// The ID in `templates/{template}`.
absl::StatusOr<std::string> ParseTemplateName(absl::string_view field, absl::string_view name);

}  // namespace masthead::notifications
