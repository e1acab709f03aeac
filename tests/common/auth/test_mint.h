// A mint that signs whatever it is given: headers and claims that no honest issuer would write.
#pragma once

#include <memory>
#include <string>

#include "absl/time/time.h"
#include "common/auth/key_set.h"
#include "nlohmann/json.hpp"
#include "openssl/types.h"

namespace masthead::auth {

inline const absl::Time kNow = absl::FromUnixSeconds(1700000000);

class TestMint {
 public:
  enum class Type { kEc, kRsa };

  // `strength` is the curve's bits or the modulus'.
  explicit TestMint(std::string kid, Type type = Type::kEc, int strength = 0);

  const std::string& kid() const { return kid_; }
  nlohmann::json jwk() const;          // Public, with `use` and `alg`.
  std::string public_key_pem() const;  // What an attacker knows, too.
  std::string private_key_pem() const;

  // A good signature by this key over any two texts.
  std::string SignRaw(const std::string& header, const std::string& body) const;
  // The same with an ES256 signature in DER, as OpenSSL makes it, but JWS does not want it.
  std::string SignDer(const std::string& header, const std::string& body) const;

  // A valid header and the claims of a valid member token at kNow; null in a patch removes a member (RFC 7396).
  nlohmann::json Header(const nlohmann::json& patch = nlohmann::json::object()) const;
  static nlohmann::json Claims(const nlohmann::json& patch = nlohmann::json::object());
  std::string Sign(const nlohmann::json& header_patch, const nlohmann::json& claims_patch) const;

 private:
  std::string Signature(const std::string& text) const;

  std::string kid_;
  Type type_;
  std::shared_ptr<EVP_PKEY> key_;
};

// The key set that publishes these keys, which has to be a good one.
std::unique_ptr<KeySet> Publish(const std::vector<nlohmann::json>& jwks);

}  // namespace masthead::auth
