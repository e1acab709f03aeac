#include "services/notifications/routes/route_errors.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "common/base/errors.h"
#include "services/notifications/errors.h"
#include "services/notifications/routes/route.h"

namespace masthead::notifications {
namespace {

constexpr char kType[] = "notifications.masthead.dev/Route";

}  // namespace

using absl::StatusCode;

std::string RouteName(absl::string_view id) { return absl::StrCat("routes/", id); }

absl::Status RouteNotFound(absl::string_view name) {
  return WithResource(MakeError(StatusCode::kNotFound, absl::StrCat("there is no ", name),
                                {kErrorDomain, "ROUTE_NOT_FOUND", {{"name", std::string(name)}}}),
                      kType, name);
}

absl::Status RouteExists(absl::string_view name) {
  return WithResource(MakeError(StatusCode::kAlreadyExists, absl::StrCat(name, " is there already"),
                                {kErrorDomain, "ROUTE_EXISTS", {{"name", std::string(name)}}}),
                      kType, name);
}

absl::Status RouteDkimMissing(absl::string_view name, absl::string_view domain, absl::string_view selector) {
  return MakeError(
      StatusCode::kFailedPrecondition, absl::StrCat("there is no key ", selector, " of ", domain),
      {kErrorDomain,
       "ROUTE_DKIM_MISSING",
       {{"name", std::string(name)}, {"domain", std::string(domain)}, {"selector", std::string(selector)}}});
}

absl::Status RouteBuiltIn(absl::string_view name) {
  return MakeError(StatusCode::kFailedPrecondition, absl::StrCat(name, " comes from the service's flags"),
                   {kErrorDomain, "ROUTE_BUILT_IN", {{"name", std::string(name)}}});
}

}  // namespace masthead::notifications
