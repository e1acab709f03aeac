// From credentials to a Caller: a bearer token (JWT) in `authorization`, or the SPIFFE ID of a client certificate.
#pragma once

#include <cstddef>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/auth/caller.h"
#include "common/auth/key_set.h"
#include "common/clock/clock.h"

namespace masthead::auth {

// The credentials that came with a call, before anything was checked.
struct Credentials {
  absl::string_view authorization;  // The metadata value, `Bearer ...`; empty if absent.
  absl::string_view spiffe_id;      // Of the verified client certificate; empty without one or with several.
};

struct AuthenticatorOptions {
  std::string issuer = "masthead-memberships";
  std::string audience = "masthead";
  std::string trust_domain = "masthead";  // A service has the SPIFFE ID spiffe://<trust_domain>/<service>.
  size_t max_cached_tokens = 10000;
};

// Verifies credentials locally. Verified tokens are cached, bounded, until they expire. Thread-safe.
class Authenticator {
 public:
  Authenticator(const KeySet& keys, const Clock& clock, AuthenticatorOptions options = {});
  ~Authenticator();

  // A bearer token wins over a certificate (a service may forward its user's token). No credentials give an anonymous
  // caller; bad ones UNAUTHENTICATED, CREDENTIALS_INVALID, without saying why. UNAVAILABLE, SERVER_BUSY, for a token
  // while the keys have not been fetched.
  absl::StatusOr<std::shared_ptr<const Caller>> Authenticate(const Credentials& credentials) const;

 private:
  class Cache;

  absl::StatusOr<std::shared_ptr<const Caller>> FromToken(absl::string_view token) const;
  absl::StatusOr<std::shared_ptr<const Caller>> FromSpiffeId(absl::string_view spiffe_id) const;

  const KeySet& keys_;
  const Clock& clock_;
  const AuthenticatorOptions options_;
  std::unique_ptr<Cache> cache_;
};

}  // namespace masthead::auth
