// Errors of routes (reasons of v1::ErrorReason).
#pragma once

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace masthead::notifications {

absl::Status RouteNotFound(absl::string_view name);
absl::Status RouteExists(absl::string_view name);
absl::Status RouteDkimMissing(absl::string_view name, absl::string_view domain, absl::string_view selector);
absl::Status RouteBuiltIn(absl::string_view name);

}  // namespace masthead::notifications
