// One public key of a key set, and the one algorithm it is for.
#pragma once

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/crypto/openssl_ptr.h"
#include "nlohmann/json_fwd.hpp"
#include "openssl/evp.h"

namespace masthead::auth {

using EvpKey = crypto::OpenSslPtr<EVP_PKEY, EVP_PKEY_free>;

// Thread-safe.
class PublicKey {
 public:
  // An EC key on P-256 for ES256, or an RSA key of 2048 to 8192 bits for RS256, meant for signatures (RFC 7517, RFC
  // 7518). Refuses weak keys: points off the curve, public exponents below 65537, moduli of the ROCA kind
  // (CVE-2017-15361).
  static absl::StatusOr<std::shared_ptr<const PublicKey>> FromJwk(const nlohmann::json& jwk);

  // `ES256` or `RS256`.
  absl::string_view algorithm() const { return algorithm_; }

  // `signature` as it stands in a JWS; for ES256 that is r and s, 32 bytes each.
  bool Verify(absl::string_view signed_text, absl::string_view signature) const;

 private:
  PublicKey(std::string algorithm, EvpKey key) : algorithm_(std::move(algorithm)), key_(std::move(key)) {}

  std::string algorithm_;
  EvpKey key_;
};

}  // namespace masthead::auth
