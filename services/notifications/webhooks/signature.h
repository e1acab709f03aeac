// How a call proves that it is ours: symmetric signatures of Standard Webhooks. Pure.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace masthead::notifications::webhooks {

// 32 random bytes.
std::string NewSecret();

// `whsec_` and base64, as people hand it on.
std::string SecretToText(absl::string_view secret);

// INVALID_ARGUMENT if it is no secret, or an empty one.
absl::StatusOr<std::string> SecretFromText(absl::string_view text);

// The value of `webhook-signature`: a signature of exactly these bytes by each secret, the newest first.
std::string Signatures(const std::vector<std::string>& secrets, absl::string_view webhook_id, int64_t unix_seconds,
                       absl::string_view body);

}  // namespace masthead::notifications::webhooks
