#include "services/notifications/templates/template_draft.h"

#include "absl/strings/str_cat.h"

namespace masthead::notifications {

std::string TemplateName(absl::string_view id) { return absl::StrCat("templates/", id); }

std::string TemplateRevisionName(absl::string_view id, int revision) {
  return absl::StrCat("templates/", id, "@", revision);
}

}  // namespace masthead::notifications
