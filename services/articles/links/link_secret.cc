#include "services/articles/links/link_secret.h"

#include "common/crypto/mac.h"

namespace masthead::articles {
namespace {

constexpr size_t kSecretBytes = 32;

}  // namespace

LinkSecret NewLinkSecret() {
  LinkSecret secret = {.token = crypto::Base64Url(crypto::RandomBytes(kSecretBytes)), .digest = ""};
  secret.digest = DigestOf(secret.token);
  return secret;
}

std::string DigestOf(absl::string_view token) { return crypto::Sha256(token); }

}  // namespace masthead::articles
