#include "services/notifications/templates/template_errors.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "common/base/errors.h"
#include "services/notifications/errors.h"

namespace masthead::notifications {

using absl::StatusCode;

absl::Status TemplateExists(absl::string_view name) {
  return MakeError(StatusCode::kAlreadyExists, absl::StrCat(name, " exists already; update it instead"),
                   {kErrorDomain, "TEMPLATE_EXISTS", {{"name", std::string(name)}}});
}

absl::Status TemplateNotCommitted(absl::string_view name) {
  return MakeError(StatusCode::kFailedPrecondition, absl::StrCat(name, " has no revision; commit it first"),
                   {kErrorDomain, "TEMPLATE_NOT_COMMITTED", {{"name", std::string(name)}}});
}

absl::Status TemplateBuiltIn(absl::string_view name) {
  return MakeError(StatusCode::kFailedPrecondition,
                   absl::StrCat("Masthead sends with ", name, ": revise it instead of deleting it"),
                   {kErrorDomain, "TEMPLATE_BUILT_IN", {{"name", std::string(name)}}});
}

absl::Status TemplateInvalid(absl::string_view locale, absl::string_view part, absl::string_view why) {
  return MakeError(StatusCode::kInvalidArgument, absl::StrCat(part, " in ", locale, ": ", why),
                   {kErrorDomain, "TEMPLATE_INVALID", {{"locale", std::string(locale)}, {"part", std::string(part)}}});
}

absl::Status RevisionNotFound(absl::string_view name) {
  return WithResource(MakeError(StatusCode::kNotFound, absl::StrCat("there is no ", name),
                                {kErrorDomain, "REVISION_NOT_FOUND", {{"name", std::string(name)}}}),
                      "notifications.masthead.dev/TemplateRevision", name);
}

}  // namespace masthead::notifications
