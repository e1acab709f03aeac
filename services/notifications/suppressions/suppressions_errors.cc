#include "services/notifications/suppressions/suppressions_errors.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "common/base/errors.h"
#include "services/notifications/errors.h"

namespace masthead::notifications {

absl::Status SuppressionNotFound(absl::string_view name) {
  return WithResource(MakeError(absl::StatusCode::kNotFound, absl::StrCat("there is no ", name),
                                {kErrorDomain, "SUPPRESSION_NOT_FOUND", {{"name", std::string(name)}}}),
                      "notifications.masthead.dev/Suppression", name);
}

}  // namespace masthead::notifications
