// What a push service must not read: a message for one browser (RFC 8291, over RFC 8188). Pure.
#pragma once

#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace masthead::notifications::webpush {

// A push service takes 4096 bytes: with the header, the padding's delimiter and the tag this is what is left
// (RFC 8291 section 4).
inline constexpr size_t kMaxPlaintext = 3993;

// What is drawn anew for every message. Given by tests only.
struct Ephemeral {
  std::string salt;         // 16 bytes.
  std::string private_key;  // 32 bytes, of P-256.
};

// The body of the push, one record of content coding `aes128gcm`. `p256dh`, 65 bytes, and `auth`, 16 bytes, are the
// browser's. INVALID_ARGUMENT if they are no such keys or `plaintext` is too long.
absl::StatusOr<std::string> Encrypt(absl::string_view plaintext, absl::string_view p256dh, absl::string_view auth,
                                    const std::optional<Ephemeral>& ephemeral = std::nullopt);

}  // namespace masthead::notifications::webpush
