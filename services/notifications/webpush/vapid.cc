#include "services/notifications/webpush/vapid.h"

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/crypto/mac.h"
#include "nlohmann/json.hpp"

namespace masthead::notifications::webpush {
namespace {

constexpr absl::Duration kLifetime = absl::Hours(12);  // RFC 8292 section 2 allows 24.
constexpr absl::Duration kRenewal = absl::Hours(6);
constexpr size_t kMaxOrigins = 1000;  // There are a handful of push services; whoever invents more gains nothing.

}  // namespace

std::string Vapid::Authorization(absl::string_view origin, absl::Time now) {
  auto found = tokens_.find(origin);
  if (found == tokens_.end() || found->second.renew_time <= now) {
    if (tokens_.size() >= kMaxOrigins) tokens_.clear();
    const nlohmann::json header = {{"typ", "JWT"}, {"alg", "ES256"}};
    const nlohmann::json claims = {
        {"aud", std::string(origin)}, {"exp", absl::ToUnixSeconds(now + kLifetime)}, {"sub", subject_}};
    const std::string signed_part =
        absl::StrCat(crypto::Base64Url(header.dump()), ".", crypto::Base64Url(claims.dump()));
    found = tokens_
                .insert_or_assign(
                    std::string(origin),
                    Token{absl::StrCat(signed_part, ".", crypto::Base64Url(key_.Sign(signed_part))), now + kRenewal})
                .first;
  }
  return absl::StrCat("vapid t=", found->second.jwt, ", k=", crypto::Base64Url(key_.public_key()));
}

std::string OriginOf(absl::string_view url) {
  constexpr absl::string_view kScheme = "https://";
  if (!absl::StartsWith(url, kScheme)) return "";
  return std::string(url.substr(0, url.find('/', kScheme.size())));
}

}  // namespace masthead::notifications::webpush
