// What goes wrong with recipients and their endpoints.
#pragma once

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace masthead::notifications {

absl::Status EndpointNotFound(absl::string_view name);
absl::Status TooManyEndpoints(int limit);
absl::Status UnknownTimeZone(absl::string_view time_zone);
absl::Status RecipientOfAMember(absl::string_view name);

}  // namespace masthead::notifications
