#include "services/notifications/webhooks/signature.h"

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "common/crypto/mac.h"
#include "openssl/evp.h"
#include "openssl/hmac.h"

namespace masthead::notifications::webhooks {
namespace {

constexpr absl::string_view kPrefix = "whsec_";
constexpr size_t kSecretBytes = 32;

std::string HmacSha256(absl::string_view key, absl::string_view data) {
  unsigned char mac[EVP_MAX_MD_SIZE];
  unsigned int size = 0;
  HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), reinterpret_cast<const unsigned char*>(data.data()),
       data.size(), mac, &size);
  return std::string(reinterpret_cast<const char*>(mac), size);
}

}  // namespace

std::string NewSecret() { return crypto::RandomBytes(kSecretBytes); }

std::string SecretToText(absl::string_view secret) { return absl::StrCat(kPrefix, absl::Base64Escape(secret)); }

absl::StatusOr<std::string> SecretFromText(absl::string_view text) {
  std::string secret;
  if (!absl::ConsumePrefix(&text, kPrefix) || !absl::Base64Unescape(text, &secret) || secret.empty()) {
    return absl::InvalidArgumentError("a webhook's secret is whsec_ and base64");
  }
  return secret;
}

std::string Signatures(const std::vector<std::string>& secrets, absl::string_view webhook_id, int64_t unix_seconds,
                       absl::string_view body) {
  const std::string content = absl::StrCat(webhook_id, ".", unix_seconds, ".", body);
  std::string signatures;
  for (const std::string& secret : secrets) {
    absl::StrAppend(&signatures, signatures.empty() ? "v1," : " v1,", absl::Base64Escape(HmacSha256(secret, content)));
  }
  return signatures;
}

}  // namespace masthead::notifications::webhooks
