// A private key that signs letters: RSA of at least 2048 bits, or Ed25519 (RFC 8463). Cannot be printed.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/crypto/openssl_ptr.h"
#include "openssl/evp.h"

namespace masthead::notifications::dkim {

enum class Algorithm { kRsaSha256, kEd25519Sha256 };

// As a= spells it.
absl::string_view AlgorithmName(Algorithm algorithm);

// May be used from any thread.
class SigningKey {
 public:
  // INVALID_ARGUMENT for what is no unencrypted PEM of a private key, and for kinds and sizes that receivers refuse.
  // The error does not repeat any of it.
  static absl::StatusOr<SigningKey> FromPem(absl::string_view pem);
  // Of the 32 bytes that an Ed25519 key is made of.
  static absl::StatusOr<SigningKey> FromEd25519Seed(absl::string_view seed);

  Algorithm algorithm() const { return algorithm_; }

  // The value of b=, without folds. Ed25519 signs the SHA-256 of `data` (RFC 8463 section 3).
  absl::StatusOr<std::string> Sign(absl::string_view data) const;

 private:
  using Key = crypto::OpenSslPtr<EVP_PKEY, EVP_PKEY_free>;

  static absl::StatusOr<SigningKey> Of(Key key);
  SigningKey(Key key, Algorithm algorithm) : key_(std::move(key)), algorithm_(algorithm) {}

  Key key_;
  Algorithm algorithm_;
};

}  // namespace masthead::notifications::dkim
