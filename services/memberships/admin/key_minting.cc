#include "services/memberships/admin/key_minting.h"

#include <utility>

#include "common/crypto/mac.h"
#include "common/ids/uuid.h"

namespace masthead::memberships {
namespace {

constexpr size_t kSecretBytes = 32;

}  // namespace

MintedKey MintApiKey(ApiKey wanted) {
  const std::string secret = crypto::Base64Url(crypto::RandomBytes(kSecretBytes));
  wanted.id = ids::NewUuid();
  // A fast hash will do: nobody guesses 256 random bits, so there is nothing to slow down.
  wanted.secret_hash = crypto::Sha256(secret);
  return {.key = wanted, .text = FormatApiKey(wanted.id, secret)};
}

}  // namespace masthead::memberships
