#include "services/notifications/alerts/alert_errors.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "common/base/errors.h"
#include "services/notifications/errors.h"

namespace masthead::notifications {

using absl::StatusCode;

absl::Status ArticleNotPublic(absl::string_view name) {
  return MakeError(StatusCode::kFailedPrecondition, absl::StrCat("readers cannot have ", name),
                   {kErrorDomain, "ARTICLE_NOT_PUBLIC", {{"name", std::string(name)}}});
}

absl::Status DedupeKeyUsed(absl::string_view message_name) {
  return MakeError(StatusCode::kAlreadyExists, absl::StrCat(message_name, " has this key"),
                   {kErrorDomain, "DEDUPE_KEY_USED", {{"message", std::string(message_name)}}});
}

}  // namespace masthead::notifications
