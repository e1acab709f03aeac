#include "services/notifications/authoring/template_names.h"

#include <optional>
#include <vector>

#include "absl/strings/numbers.h"
#include "common/base/errors.h"
#include "common/base/status_macros.h"
#include "common/resource/name.h"

namespace masthead::notifications {

absl::StatusOr<TemplateReference> ParseTemplateReference(absl::string_view field, absl::string_view name) {
  const size_t at = name.find('@');
  const std::optional<std::vector<std::string>> ids = resource::ParseName(name.substr(0, at), "templates/*");
  TemplateReference reference;
  bool valid = ids.has_value();
  if (at != absl::string_view::npos) {
    valid = valid && absl::SimpleAtoi(name.substr(at + 1), &reference.revision) && reference.revision > 0;
  }
  FieldViolations violations;
  if (!valid) violations.Add(field, "must look like templates/{template} or templates/{template}@{revision}");
  RETURN_IF_ERROR(violations.ToStatus());
  reference.id = ids->front();
  return reference;
}

absl::StatusOr<std::string> ParseTemplateName(absl::string_view field, absl::string_view name) {
  FieldViolations violations;
  const std::optional<std::vector<std::string>> ids = resource::ParseName(name, "templates/*");
  if (!ids) violations.Add(field, "must look like templates/{template}");
  RETURN_IF_ERROR(violations.ToStatus());
  return ids->front();
}

}  // namespace masthead::notifications
