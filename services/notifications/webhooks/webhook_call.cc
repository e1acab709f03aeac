#include "services/notifications/webhooks/webhook_call.h"

#include <cstdint>

#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "nlohmann/json.hpp"
#include "services/notifications/outbound/http_outcome.h"
#include "services/notifications/webhooks/signature.h"

namespace masthead::notifications::webhooks {
namespace {

constexpr absl::Duration kPatience = absl::Seconds(15);
constexpr size_t kKeptAnswer = 512;  // The status says it all; the beginning of the rest is for people.

}  // namespace

std::string SealSecret(const crypto::SealingKey& key, absl::string_view endpoint_id, absl::string_view secret) {
  return key.Seal(secret, WebhookEndpointName(endpoint_id));
}

absl::StatusOr<std::vector<std::string>> OpenSecrets(const crypto::SealingKey& key, const WebhookEndpoint& endpoint,
                                                     absl::Time now) {
  const std::string name = WebhookEndpointName(endpoint.id);
  std::vector<std::string> secrets(1);
  ASSIGN_OR_RETURN(secrets[0], key.Open(endpoint.sealed_secret, name));
  if (endpoint.former_expire_time && *endpoint.former_expire_time > now) {
    ASSIGN_OR_RETURN(std::string former, key.Open(endpoint.sealed_former_secret, name));
    secrets.push_back(std::move(former));
  }
  return secrets;
}

std::string CallBody(absl::string_view type, absl::Time time, absl::string_view data) {
  return absl::StrCat("{\"type\":", nlohmann::json(std::string(type)).dump(), ",\"timestamp\":\"",
                      absl::FormatTime("%Y-%m-%dT%H:%M:%E6SZ", time, absl::UTCTimeZone()), "\",\"data\":", data, "}");
}

absl::StatusOr<http::OutgoingRequest> MakeCall(const crypto::SealingKey& key, const WebhookEndpoint& endpoint,
                                               const OutboundOptions& outbound, absl::string_view webhook_id,
                                               std::string body, absl::Time now) {
  ASSIGN_OR_RETURN(const std::vector<std::string> secrets, OpenSecrets(key, endpoint, now));
  ASSIGN_OR_RETURN(std::string pinned, PinAddress(endpoint.url, outbound));
  const int64_t seconds = absl::ToUnixSeconds(now);
  const std::string signatures = Signatures(secrets, webhook_id, seconds, body);
  return http::OutgoingRequest{
      .method = "POST",
      .url = endpoint.url,
      .headers = {"Content-Type: application/json", "User-Agent: Masthead-Webhooks/1",
                  absl::StrCat("webhook-id: ", webhook_id), absl::StrCat("webhook-timestamp: ", seconds),
                  absl::StrCat("webhook-signature: ", signatures)},
      .body = std::move(body),
      .patience = kPatience,
      .pinned_address = std::move(pinned),
      .cut_answer_at = kKeptAnswer};
}

CallResult ReadAnswer(const absl::StatusOr<http::Answer>& answer, absl::Time now) {
  if (!answer.ok()) return {.text = PrintableText(answer.status().message())};
  CallResult result = {
      .verdict = JudgeStatus(answer->status), .status = answer->status, .text = PrintableText(answer->body)};
  const auto header = answer->headers.find("retry-after");
  if (header != answer->headers.end()) result.asked_pause = RetryAfter(header->second, now);
  return result;
}

}  // namespace masthead::notifications::webhooks
