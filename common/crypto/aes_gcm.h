// AES-256-GCM, once for everybody who seals something; OpenSSL does the work.
#pragma once

#include <optional>
#include <string>

#include "absl/strings/string_view.h"

namespace masthead::crypto {

inline constexpr int kAesKeyBytes = 32;
inline constexpr int kAesNonceBytes = 12;  // NIST SP 800-38D section 8.2.2: random ones, far fewer than 2^32 for a key.

// Nonce, cipher text, tag. `key` has kAesKeyBytes, `nonce` kAesNonceBytes that were never used with it. `about` is
// bound to the text and not in it.
std::string AesGcmSeal(absl::string_view key, absl::string_view nonce, absl::string_view plain,
                       absl::string_view about);

// Nothing if it was not sealed with this key about this.
std::optional<std::string> AesGcmOpen(absl::string_view key, absl::string_view sealed, absl::string_view about);

}  // namespace masthead::crypto
