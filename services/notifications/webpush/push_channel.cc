#include "services/notifications/webpush/push_channel.h"

#include <algorithm>
#include <cstdint>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "common/base/errors.h"
#include "common/base/status_macros.h"
#include "common/crypto/mac.h"
#include "nlohmann/json.hpp"
#include "services/notifications/outbound/http_outcome.h"
#include "services/notifications/recipients/endpoint_target.h"
#include "services/notifications/webpush/encryption.h"

namespace masthead::notifications::webpush {
namespace {

constexpr size_t kMaxTitleBytes = 400;
constexpr size_t kMaxBodyBytes = 1200;
constexpr size_t kTopicCharacters = 32;  // At most, of the base64url alphabet (RFC 8030 section 5.4).
constexpr absl::Duration kPatience = absl::Seconds(20);

// Not in the middle of a character.
std::string Cut(const std::string& text, size_t bytes) {
  if (text.size() <= bytes) return text;
  size_t end = bytes;
  while (end > 0 && (static_cast<uint8_t>(text[end]) & 0xC0) == 0x80) --end;
  return text.substr(0, end) + "…";
}

// A newer push of the same message replaces one that the browser has not fetched yet.
std::string TopicOf(const Message& message) {
  return crypto::Base64Url(crypto::Sha256(message.id)).substr(0, kTopicCharacters);
}

Decision Unsendable(const Due& due, const absl::Status& error) {
  if (absl::IsUnavailable(error)) {
    return {.seq = due.seq, .disposition = {.state = "PENDING", .counts_as_attempt = false}};
  }
  return {.seq = due.seq,
          .disposition = {.state = "FAILED", .reason = "INVALID_LETTER"},
          .attempted = true,
          .text = std::string(error.message())};
}

}  // namespace

std::string PushPayload(const Message& message) {
  const nlohmann::json payload = {{"message", MessageName(message.id)},
                                  {"title", Cut(message.alert.headline, kMaxTitleBytes)},
                                  {"body", Cut(message.alert.dek, kMaxBodyBytes)},
                                  {"url", message.alert.url}};
  return payload.dump();
}

absl::StatusOr<http::OutgoingRequest> PushChannel::MakeRequest(const Message& message, const Due& due, absl::Time now) {
  ASSIGN_OR_RETURN(const EndpointTarget target,
                   OpenTarget(targets_key_, due.recipient_id, due.endpoint_id, due.sealed_target));
  ASSIGN_OR_RETURN(const std::string p256dh, crypto::ParseBase64Url(target.p256dh));
  ASSIGN_OR_RETURN(const std::string auth, crypto::ParseBase64Url(target.auth));
  ASSIGN_OR_RETURN(std::string body, Encrypt(PushPayload(message), p256dh, auth));
  ASSIGN_OR_RETURN(std::string pinned, PinAddress(target.url, options_.outbound));
  const int64_t seconds = std::max<int64_t>(0, absl::ToInt64Seconds(message.expire_time - now));
  return http::OutgoingRequest{
      .method = "POST",
      .url = target.url,
      .headers = {absl::StrCat("Authorization: ", vapid_.Authorization(OriginOf(target.url), now)),
                  "Content-Encoding: aes128gcm", "Content-Type: application/octet-stream",
                  absl::StrCat("TTL: ", seconds), absl::StrCat("Topic: ", TopicOf(message)),
                  absl::StrCat("Urgency: ", message.lane == "BREAKING" ? "high" : "normal")},
      .body = std::move(body),
      .patience = kPatience,
      .pinned_address = std::move(pinned)};
}

Channel::HandedOver PushChannel::Send(const Lease& lease, const Message& message, const std::vector<Due>& window,
                                      absl::Time deadline) {
  HandedOver handed_over;
  std::vector<const Due*> asked;
  std::vector<http::OutgoingRequest> requests;
  const absl::Time now = absl::Now();
  for (const Due& due : window) {
    absl::StatusOr<http::OutgoingRequest> request = MakeRequest(message, due, now);
    if (request.ok()) {
      asked.push_back(&due);
      requests.push_back(*std::move(request));
    } else {
      handed_over.decisions.push_back(Unsendable(due, request.status()));
    }
  }
  const std::vector<absl::StatusOr<http::Answer>> answers = client_.SendAll({.deadline = deadline}, requests);
  handed_over.reachable = std::any_of(handed_over.decisions.begin(), handed_over.decisions.end(),
                                      [](const Decision& decision) { return decision.attempted; });
  for (size_t i = 0; i < answers.size(); ++i) {
    handed_over.decisions.push_back(JudgeAnswer(*asked[i], answers[i], lease.at_most_once));
    if (answers[i].ok()) handed_over.reachable = true;
  }
  return handed_over;
}

}  // namespace masthead::notifications::webpush
