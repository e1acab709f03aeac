// What endpoints lead to, as it is stored: who reads the database cannot send to anybody's browser or telephone.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/crypto/seal.h"
#include "services/notifications/recipients/endpoint.h"

namespace masthead::notifications {

// The purpose of the service's key for these: `crypto::SealingKey(key, kEndpointTargets)`.
inline constexpr char kEndpointTargets[] = "masthead endpoint targets";

std::string SealTarget(const crypto::SealingKey& key, absl::string_view recipient_id, absl::string_view endpoint_id,
                       const EndpointTarget& target);

// DATA_LOSS if it was not sealed with this key for this endpoint.
absl::StatusOr<EndpointTarget> OpenTarget(const crypto::SealingKey& key, absl::string_view recipient_id,
                                          absl::string_view endpoint_id, absl::string_view sealed);

}  // namespace masthead::notifications
