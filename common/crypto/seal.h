// Secrets at rest: sealed with AES-256-GCM under a key that is not in the database.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/crypto/mac.h"

namespace masthead::crypto {

// Thread-safe. Cannot be printed or compared.
class SealingKey {
 public:
  // A key of its own for this purpose.
  SealingKey(const MacKey& key, absl::string_view purpose);

  // Random nonce, cipher text, tag. `about` is bound to it and not in it: what was sealed about one row cannot be
  // opened as if it were about another.
  std::string Seal(absl::string_view plain, absl::string_view about) const;

  // DATA_LOSS if it was not sealed with this key about this.
  absl::StatusOr<std::string> Open(absl::string_view sealed, absl::string_view about) const;

 private:
  const std::string key_;
};

}  // namespace masthead::crypto
