// Access tokens: JWTs (RFC 7519, RFC 9068) that memberships mints and every service verifies.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/auth/caller.h"
#include "common/auth/key_set.h"

namespace masthead::auth {

// How far the clocks of issuer and verifier may stand apart.
inline constexpr absl::Duration kClockSkew = absl::Seconds(60);

struct TokenClaims {
  std::string issuer;
  std::string audience;
  std::string id;  // `jti`
  absl::Time issue_time;
  Caller caller;  // Kind, subject, roles, scopes, tiers and expire_time travel in claims.
};

// A private ES256 key and its `kid` (the RFC 7638 thumbprint).
class SigningKey {
 public:
  // An unencrypted private EC key on P-256.
  static absl::StatusOr<std::unique_ptr<SigningKey>> FromPem(absl::string_view pem);
  static std::unique_ptr<SigningKey> Generate();
  virtual ~SigningKey() = default;

  virtual std::string kid() const = 0;
  virtual std::string public_jwk_json() const = 0;  // One JWK object.
  virtual std::string pem() const = 0;
  // Times are cut to seconds. The caller is a member, staff or a backend: services show a certificate.
  virtual std::string SignToken(const TokenClaims& claims) const = 0;
};

// A public EC key on P-256, in PEM, as one JWK object with its `kid`. INVALID_ARGUMENT for anything else; for a private
// key with its own message, because it lies where only its public half is needed.
absl::StatusOr<std::string> PublicJwkJson(absl::string_view public_pem);

// The document to publish: a JWK Set of these objects.
std::string MakeKeySetJson(const std::vector<std::string>& jwks);

// Checks signature, `typ`, issuer, audience and times (kClockSkew). Any failure is one UNAUTHENTICATED,
// CREDENTIALS_INVALID.
absl::StatusOr<TokenClaims> VerifyToken(absl::string_view token, const KeySet& keys, absl::string_view issuer,
                                        absl::string_view audience, absl::Time now);

// That error.
absl::Status CredentialsInvalid();

}  // namespace masthead::auth
