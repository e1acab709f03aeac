// The keys that tokens are signed with, and the set that is published.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "common/auth/key_set.h"
#include "common/auth/token.h"

namespace masthead::memberships {

// One key signs; former ones are published as long as their tokens may be out, and the next one before it signs, so
// that verifiers know a key before they see it. Immutable.
class SigningKeys {
 public:
  // `current` and `others` are PEM texts of ES256 private keys.
  static absl::StatusOr<std::unique_ptr<SigningKeys>> FromPem(const std::string& current,
                                                              const std::vector<std::string>& others);

  // The same from files that nobody else may read.
  static absl::StatusOr<std::unique_ptr<SigningKeys>> FromFiles(const std::string& current,
                                                                const std::vector<std::string>& others);

  const auth::SigningKey& current() const { return *keys_.front(); }

  // The public keys, as a JWK Set document.
  const std::string& key_set_json() const { return key_set_json_; }

 private:
  explicit SigningKeys(std::vector<std::unique_ptr<auth::SigningKey>> keys);

  const std::vector<std::unique_ptr<auth::SigningKey>> keys_;  // The one that signs comes first.
  std::string key_set_json_;
};

}  // namespace masthead::memberships
