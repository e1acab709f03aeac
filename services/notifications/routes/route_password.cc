#include "services/notifications/routes/route_password.h"

#include <utility>

#include "common/base/status_macros.h"

namespace masthead::notifications {

std::string SealPassword(const crypto::SealingKey& key, absl::string_view route_id, absl::string_view password) {
  return password.empty() ? "" : key.Seal(password, RouteName(route_id));
}

absl::StatusOr<Route> WithPassword(const crypto::SealingKey& key, Route route) {
  if (!route.sealed_password.empty()) {
    ASSIGN_OR_RETURN(route.smtp.password, key.Open(route.sealed_password, RouteName(route.id)));
  }
  return route;
}

}  // namespace masthead::notifications
