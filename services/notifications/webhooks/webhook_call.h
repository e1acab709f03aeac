// One call to a webhook endpoint, and what its answer means.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/crypto/seal.h"
#include "common/http/client.h"
#include "services/notifications/outbound/address_guard.h"
#include "services/notifications/webhooks/webhook.h"

namespace masthead::notifications::webhooks {

// The purpose of the service's key for secrets: `crypto::SealingKey(key, kWebhookSecrets)`.
inline constexpr char kWebhookSecrets[] = "masthead webhook secrets";

// Bound to the endpoint.
std::string SealSecret(const crypto::SealingKey& key, absl::string_view endpoint_id, absl::string_view secret);

// What calls are signed with now, the newest first.
absl::StatusOr<std::vector<std::string>> OpenSecrets(const crypto::SealingKey& key, const WebhookEndpoint& endpoint,
                                                     absl::Time now);

// The body of a call: `{"type": ..., "timestamp": ..., "data": ...}`; `data` is JSON.
std::string CallBody(absl::string_view type, absl::Time time, absl::string_view data);

// To an address that it resolves now, and that may be called.
absl::StatusOr<http::OutgoingRequest> MakeCall(const crypto::SealingKey& key, const WebhookEndpoint& endpoint,
                                               const OutboundOptions& outbound, absl::string_view webhook_id,
                                               std::string body, absl::Time now);

struct CallResult {
  Verdict verdict = Verdict::kFailed;
  int status = 0;
  std::string text;  // At most 512 printable characters.
  absl::Duration asked_pause = absl::ZeroDuration();
};

CallResult ReadAnswer(const absl::StatusOr<http::Answer>& answer, absl::Time now);

}  // namespace masthead::notifications::webhooks
