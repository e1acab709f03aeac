#include "services/notifications/desks/desk_errors.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "common/base/errors.h"
#include "services/notifications/errors.h"

namespace masthead::notifications {

using absl::StatusCode;

absl::Status DeskNotFound(absl::string_view name) {
  return WithResource(MakeError(StatusCode::kNotFound, absl::StrCat(name, " is no desk that can be written to"),
                                {kErrorDomain, "DESK_NOT_FOUND", {{"name", std::string(name)}}}),
                      "articles.masthead.dev/Contributor", name);
}

absl::Status DeskLetterNotFound(absl::string_view name) {
  return WithResource(MakeError(StatusCode::kNotFound, absl::StrCat("there is no ", name),
                                {kErrorDomain, "DESK_LETTER_NOT_FOUND", {{"name", std::string(name)}}}),
                      "notifications.masthead.dev/DeskLetter", name);
}

absl::Status LetterRefused(absl::string_view cause) {
  return MakeError(StatusCode::kInvalidArgument, "the letter looks like spam",
                   {kErrorDomain, "LETTER_REFUSED", {{"cause", std::string(cause)}}});
}

absl::Status LettersRateLimited(absl::Duration wait) {
  return WithRetry(
      MakeError(StatusCode::kResourceExhausted, "too many letters within an hour", {kErrorDomain, "RATE_LIMITED", {}}),
      wait);
}

}  // namespace masthead::notifications
