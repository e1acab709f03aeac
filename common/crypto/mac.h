// Keyed MACs, digests and random secrets; OpenSSL does the work.
#pragma once

#include <array>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace masthead::crypto {

std::string Sha256(absl::string_view data);      // 32 bytes
std::string RandomBytes(size_t count);           // From the operating system.
std::string Base64Url(absl::string_view bytes);  // Without padding.
// Refuses padding, other alphabets and non-canonical last characters.
absl::StatusOr<std::string> ParseBase64Url(absl::string_view text);

// Takes the same time whatever the bytes.
bool ConstantTimeEquals(absl::string_view a, absl::string_view b);

// A secret key for HMAC-SHA-256. Cannot be printed or compared.
class MacKey {
 public:
  static absl::StatusOr<MacKey> FromBytes(absl::string_view bytes);  // At least 32.
  static MacKey Random();
  // A key of its own for each purpose, so that one kind of token is never taken for another (RFC 5869).
  MacKey Derive(absl::string_view purpose) const;

  std::string Sign(absl::string_view data) const;  // 32 bytes
  bool Verify(absl::string_view data, absl::string_view mac) const;

  bool operator==(const MacKey&) const = delete;

 private:
  explicit MacKey(std::string bytes) : bytes_(std::move(bytes)) {}
  std::string bytes_;
};

}  // namespace masthead::crypto
