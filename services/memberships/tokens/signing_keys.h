// The keys that tokens are signed with, and the set that is published.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "common/auth/key_set.h"
#include "common/auth/token.h"

namespace masthead::memberships {

// One key signs; former ones are published as long as their tokens may be out, and the next one before it signs, so
// that verifiers know a key before they see it. Only the one that signs is here as a secret. Immutable.
class SigningKeys {
 public:
  // `signing` is the PEM text of an ES256 private key, `published` are those of public ones; the one that signs is
  // published anyway and may be among them. INVALID_ARGUMENT for anything else, a private key in `published` above all.
  static absl::StatusOr<std::unique_ptr<SigningKeys>> FromPem(const std::string& signing,
                                                              const std::vector<std::string>& published);

  // The same from files; nobody else may read that of the private key.
  static absl::StatusOr<std::unique_ptr<SigningKeys>> FromFiles(const std::string& signing,
                                                                const std::vector<std::string>& published);

  const auth::SigningKey& signing() const { return *signing_; }

  // The public keys, as a JWK Set document.
  const std::string& key_set_json() const { return key_set_json_; }

 private:
  SigningKeys(std::unique_ptr<auth::SigningKey> signing, std::string key_set_json)
      : signing_(std::move(signing)), key_set_json_(std::move(key_set_json)) {}

  const std::unique_ptr<auth::SigningKey> signing_;
  const std::string key_set_json_;
};

}  // namespace masthead::memberships
