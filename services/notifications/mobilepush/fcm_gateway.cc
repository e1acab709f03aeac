#include "services/notifications/mobilepush/fcm_gateway.h"

#include <algorithm>
#include <cstdint>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "common/crypto/mac.h"
#include "nlohmann/json.hpp"
#include "services/notifications/outbound/http_outcome.h"

namespace masthead::notifications::mobilepush {
namespace {

using Kind = GatewayResult::Kind;

constexpr absl::Duration kPatience = absl::Seconds(20);
constexpr size_t kCollapseCharacters = 32;  // Apple takes 64 at most.

// FCM's own code, such as UNREGISTERED; empty if there is none.
std::string ErrorCode(const std::string& body) {
  const nlohmann::json json = nlohmann::json::parse(body, nullptr, /*allow_exceptions=*/false);
  if (!json.is_object() || !json.contains("error") || !json["error"].is_object()) return "";
  const nlohmann::json& details = json["error"].value("details", nlohmann::json::array());
  for (const nlohmann::json& detail : details) {
    if (!detail.is_object()) continue;
    const auto code = detail.find("errorCode");
    if (code != detail.end() && code->is_string()) return code->get<std::string>();
  }
  return "";
}

Kind KindOf(int status, const std::string& code) {
  if (status >= 200 && status < 300) return Kind::kTaken;
  if (code == "UNREGISTERED") return Kind::kGone;
  if (code == "SENDER_ID_MISMATCH") return Kind::kPolicy;
  if (status == 401 || status == 403 || status == 404) return Kind::kMisconfigured;
  // What it may have taken before it failed is replaced by the repetition.
  if (status == 429 || status >= 500) return Kind::kBusy;
  return Kind::kRefused;
}

GatewayResult ReadAnswer(const absl::StatusOr<http::Answer>& answer) {
  if (!answer.ok()) return WithoutAnswer(answer.status());
  const std::string code = ErrorCode(answer->body);
  GatewayResult result = {.kind = KindOf(answer->status, code), .status = answer->status, .text = PrintableText(code)};
  const auto pause = answer->headers.find("retry-after");
  if (pause != answer->headers.end()) result.asked_pause = RetryAfter(pause->second, absl::Now());
  return result;
}

}  // namespace

std::string FcmBody(const PushNote& note, absl::Time now) {
  const std::string collapse = crypto::Base64Url(crypto::Sha256(note.message)).substr(0, kCollapseCharacters);
  const int64_t lifetime = std::max<int64_t>(0, absl::ToInt64Seconds(note.expire_time - now));
  const nlohmann::json body = {{"message",
                                {{"token", note.token},
                                 {"notification", {{"title", note.title}, {"body", note.body}}},
                                 {"data", {{"message", note.message}, {"url", note.url}}},
                                 {"android",
                                  {{"priority", note.urgent ? "HIGH" : "NORMAL"},
                                   {"ttl", absl::StrCat(lifetime, "s")},
                                   {"collapse_key", collapse},
                                   {"notification", {{"tag", collapse}}}}},
                                 {"apns",
                                  {{"headers",
                                    {{"apns-priority", note.urgent ? "10" : "5"},
                                     {"apns-expiration", absl::StrCat(absl::ToUnixSeconds(note.expire_time))},
                                     {"apns-collapse-id", collapse}}}}}}}};
  return body.dump();
}

std::vector<GatewayResult> FcmGateway::Send(const Scope& scope, const std::vector<PushNote>& notes) {
  if (notes.empty()) return {};
  const absl::StatusOr<std::string> token = tokens_.Get(scope);
  if (!token.ok()) {
    // Nothing was sent, whatever became of the request for a token.
    const bool unknown = absl::IsPermissionDenied(token.status());
    const GatewayResult nothing = {.kind = unknown ? Kind::kMisconfigured : Kind::kNotHeard};
    return std::vector<GatewayResult>(notes.size(), nothing);
  }
  std::vector<http::OutgoingRequest> requests;
  for (const PushNote& note : notes) {
    requests.push_back({.method = "POST",
                        .url = url_,
                        .headers = {absl::StrCat("Authorization: Bearer ", *token), "Content-Type: application/json"},
                        .body = FcmBody(note, absl::Now()),
                        .patience = kPatience});
  }
  std::vector<GatewayResult> results;
  for (const absl::StatusOr<http::Answer>& answer : client_.SendAll(scope, requests)) {
    results.push_back(ReadAnswer(answer));
    if (results.back().status == 401) tokens_.Forget();
  }
  return results;
}

}  // namespace masthead::notifications::mobilepush
