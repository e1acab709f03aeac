// A smarthost's password, as it is stored.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/crypto/seal.h"
#include "services/notifications/routes/route.h"

namespace masthead::notifications {

// The purpose of the service's key for these: `crypto::SealingKey(key, kRoutePasswords)`.
inline constexpr char kRoutePasswords[] = "masthead route passwords";

std::string SealPassword(const crypto::SealingKey& key, absl::string_view route_id, absl::string_view password);

// With `smtp.password`. DATA_LOSS if it was not sealed with this key for this route.
absl::StatusOr<Route> WithPassword(const crypto::SealingKey& key, Route route);

}  // namespace masthead::notifications
