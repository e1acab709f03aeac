// Signed texts (JSON Web Signature, RFC 7515), compact form only.
#pragma once

#include <string>

#include "absl/strings/string_view.h"
#include "common/auth/key_set.h"

namespace masthead::auth {

inline constexpr size_t kMaxTokenBytes = 8192;

struct VerifiedJws {
  std::string type;  // `typ` of the header; empty if absent.
  std::string payload;
};

// The key is the one that `kid` names in `keys`, never one that the token carries or points to (jku, x5u, jwk, x5c are
// not looked at); the algorithm is the key's, and the header has to agree. A `crit` header is refused: we know no
// extension.
absl::StatusOr<VerifiedJws> VerifyJws(absl::string_view compact, const KeySet& keys);

}  // namespace masthead::auth
