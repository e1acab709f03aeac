#include "services/notifications/mail/mail_errors.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "common/base/errors.h"

namespace masthead::notifications::mail {
namespace {

absl::Status Refuse(const char* reason, absl::string_view field, absl::string_view why) {
  return MakeError(absl::StatusCode::kInvalidArgument, absl::StrCat(field, ": ", why),
                   {.domain = "notifications.masthead", .reason = reason, .metadata = {{"field", std::string(field)}}});
}

}  // namespace

absl::Status HeaderInjection(absl::string_view field) {
  return Refuse("HEADER_INJECTION", field, "holds a line break, a control character or bytes that are not UTF-8");
}

absl::Status InvalidAddress(absl::string_view field, absl::string_view why) {
  return Refuse("INVALID_ADDRESS", field, why);
}

absl::Status InvalidLetter(absl::string_view field, absl::string_view why) {
  return Refuse("INVALID_LETTER", field, why);
}

}  // namespace masthead::notifications::mail
