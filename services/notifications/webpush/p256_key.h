// A key on P-256, for agreeing with browsers and for signing to push services.
#pragma once

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/crypto/openssl_ptr.h"
#include "openssl/evp.h"

namespace masthead::notifications::webpush {

// Immutable; may be used from any thread.
class P256Key {
 public:
  static absl::StatusOr<P256Key> Generate();
  static absl::StatusOr<P256Key> FromPrivate(absl::string_view scalar);  // 32 bytes.
  static absl::StatusOr<P256Key> FromPem(absl::string_view pem);         // PKCS#8 or SEC 1, not encrypted.

  const std::string& public_key() const { return public_key_; }  // 65 bytes: an uncompressed point.

  // The shared secret (ECDH), 32 bytes. INVALID_ARGUMENT if `peer` is no uncompressed point on the curve.
  absl::StatusOr<std::string> Agree(absl::string_view peer) const;

  // ES256: r and s, 32 bytes each (RFC 7518 section 3.4).
  std::string Sign(absl::string_view data) const;

 private:
  using Key = crypto::OpenSslPtr<EVP_PKEY, EVP_PKEY_free>;

  static absl::StatusOr<P256Key> FromKey(Key key);
  P256Key(Key key, std::string public_key) : key_(std::move(key)), public_key_(std::move(public_key)) {}

  Key key_;
  std::string public_key_;
};

}  // namespace masthead::notifications::webpush
