#include "services/notifications/mobilepush/access_token.h"

#include <cstdint>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "common/base/status_macros.h"
#include "common/http/client.h"
#include "nlohmann/json.hpp"

namespace masthead::notifications::mobilepush {
namespace {

constexpr char kScope[] = "https://www.googleapis.com/auth/firebase.messaging";
constexpr char kGrant[] = "urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer";
constexpr absl::Duration kPatience = absl::Seconds(10);
constexpr absl::Duration kRenewedBefore = absl::Minutes(5);

}  // namespace

absl::StatusOr<std::string> AccessTokens::Get(const Scope& scope) {
  const absl::Time now = absl::Now();
  if (now < renew_time_) return token_;
  ASSIGN_OR_RETURN(const std::string assertion, account_.Assertion(kScope, now));
  ASSIGN_OR_RETURN(const http::Answer answer,
                   http::Send(scope, {.method = "POST",
                                      .url = account_.token_uri(),
                                      .headers = {"Content-Type: application/x-www-form-urlencoded"},
                                      .body = absl::StrCat("grant_type=", kGrant, "&assertion=", assertion),
                                      .patience = kPatience}));
  if (answer.status == 429 || answer.status >= 500) return absl::UnavailableError("no access token can be had now");
  const nlohmann::json json = nlohmann::json::parse(answer.body, nullptr, /*allow_exceptions=*/false);
  if (answer.status != 200 || !json.is_object() || !json.contains("access_token") ||
      !json["access_token"].is_string()) {
    return absl::PermissionDeniedError("no access token is given for our service account");
  }
  const auto lifetime = json.find("expires_in");
  const int64_t seconds = lifetime != json.end() && lifetime->is_number_integer() ? lifetime->get<int64_t>() : 0;
  token_ = json["access_token"].get<std::string>();
  renew_time_ = now + absl::Seconds(seconds) - kRenewedBefore;
  return token_;
}

}  // namespace masthead::notifications::mobilepush
