#include "services/notifications/recipients/recipients_errors.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "common/base/errors.h"
#include "services/notifications/errors.h"

namespace masthead::notifications {

using absl::StatusCode;

absl::Status EndpointNotFound(absl::string_view name) {
  return WithResource(MakeError(StatusCode::kNotFound, absl::StrCat("there is no ", name),
                                {kErrorDomain, "ENDPOINT_NOT_FOUND", {{"name", std::string(name)}}}),
                      "notifications.masthead.dev/Endpoint", name);
}

absl::Status TooManyEndpoints(int limit) {
  return MakeError(StatusCode::kResourceExhausted, absl::StrCat("a recipient has at most ", limit, " endpoints"),
                   {kErrorDomain, "TOO_MANY_ENDPOINTS", {{"limit", absl::StrCat(limit)}}});
}

absl::Status UnknownTimeZone(absl::string_view time_zone) {
  return MakeError(StatusCode::kInvalidArgument, "no zone of the IANA database has this name",
                   {kErrorDomain, "UNKNOWN_TIME_ZONE", {{"time_zone", std::string(time_zone)}}});
}

absl::Status RecipientOfAMember(absl::string_view name) {
  return MakeError(StatusCode::kFailedPrecondition,
                   absl::StrCat(name, " is a member's: change the member in memberships"),
                   {kErrorDomain, "RECIPIENT_OF_A_MEMBER", {{"name", std::string(name)}}});
}

}  // namespace masthead::notifications
