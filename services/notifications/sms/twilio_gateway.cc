#include "services/notifications/sms/twilio_gateway.h"

#include <algorithm>
#include <cstdint>
#include <set>

#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "nlohmann/json.hpp"
#include "services/notifications/outbound/http_outcome.h"

namespace masthead::notifications::sms {
namespace {

using Kind = GatewayResult::Kind;

constexpr absl::Duration kPatience = absl::Seconds(20);
constexpr int64_t kLongestValidity = 36000;  // Seconds; Twilio takes no more.

// Of Twilio's dictionary of errors.
constexpr int kInvalidNumber = 21211;
constexpr int kUnreachableNumber = 21217;
constexpr int kNoMobileNumber = 21614;
constexpr int kOptedOut = 21610;

std::string FormEncoded(absl::string_view text) {
  std::string encoded;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (absl::ascii_isalnum(byte) || absl::StrContains("-._~", absl::string_view(&c, 1))) {
      encoded += c;
    } else {
      absl::StrAppend(&encoded, "%", absl::Hex(byte, absl::kZeroPad2));
    }
  }
  return encoded;
}

int ErrorCode(const std::string& body) {
  const nlohmann::json json = nlohmann::json::parse(body, nullptr, /*allow_exceptions=*/false);
  if (!json.is_object() || !json.contains("code") || !json["code"].is_number_integer()) return 0;
  return json["code"].get<int>();
}

Kind KindOf(int status, int code) {
  if (status >= 200 && status < 300) return Kind::kTaken;
  if (status == 401 || status == 403 || status == 404) return Kind::kMisconfigured;
  if (status == 429 || status == 503) return Kind::kBusy;
  if (status >= 500) return Kind::kLost;  // Said by whatever stands before the one who may have taken it.
  if (code == kInvalidNumber || code == kUnreachableNumber || code == kNoMobileNumber) return Kind::kNoSuchAddress;
  return code == kOptedOut ? Kind::kGone : Kind::kRefused;
}

GatewayResult ReadAnswer(const absl::StatusOr<http::Answer>& answer) {
  if (!answer.ok()) return WithoutAnswer(answer.status());
  const int code = ErrorCode(answer->body);
  GatewayResult result = {.kind = KindOf(answer->status, code), .status = answer->status};
  if (code != 0) result.text = absl::StrCat("error ", code);
  const auto pause = answer->headers.find("retry-after");
  if (pause != answer->headers.end()) result.asked_pause = RetryAfter(pause->second, absl::Now());
  return result;
}

}  // namespace

absl::Status CheckTwilio(const TwilioOptions& options) {
  if (!absl::StartsWith(options.base_url, "https://"))
    return absl::InvalidArgumentError("the SMS gateway must be https");
  if (options.account.empty() || options.sender.empty()) {
    return absl::InvalidArgumentError("the SMS gateway needs an account and a sender");
  }
  if (!absl::StrContains(options.credentials, ':')) {
    return absl::InvalidArgumentError("the SMS gateway's credentials must be user:password");
  }
  return absl::OkStatus();
}

http::OutgoingRequest TwilioGateway::MakeRequest(const ShortMessage& message) const {
  const char* const sender = absl::StartsWith(options_.sender, "MG") ? "MessagingServiceSid" : "From";
  const int64_t validity = std::clamp<int64_t>(absl::ToInt64Seconds(message.lifetime), 1, kLongestValidity);
  return {.method = "POST",
          .url = absl::StrCat(options_.base_url, "/2010-04-01/Accounts/", options_.account, "/Messages.json"),
          .headers = {absl::StrCat("Authorization: Basic ", absl::Base64Escape(options_.credentials)),
                      "Content-Type: application/x-www-form-urlencoded"},
          .body = absl::StrCat("To=", FormEncoded(message.to), "&", sender, "=", FormEncoded(options_.sender),
                               "&ValidityPeriod=", validity, "&Body=", FormEncoded(message.text)),
          .patience = kPatience};
}

std::vector<GatewayResult> TwilioGateway::Send(const Scope& scope, const std::vector<ShortMessage>& messages) {
  std::vector<http::OutgoingRequest> requests;
  for (const ShortMessage& message : messages) requests.push_back(MakeRequest(message));
  std::vector<GatewayResult> results;
  for (const absl::StatusOr<http::Answer>& answer : client_.SendAll(scope, requests)) {
    results.push_back(ReadAnswer(answer));
  }
  return results;
}

}  // namespace masthead::notifications::sms
