#include "common/crypto/seal.h"

#include <optional>

#include "common/crypto/aes_gcm.h"

namespace masthead::crypto {

SealingKey::SealingKey(const MacKey& key, absl::string_view purpose) : key_(key.Derive(purpose).Sign("AES-256-GCM")) {}

std::string SealingKey::Seal(absl::string_view plain, absl::string_view about) const {
  return AesGcmSeal(key_, RandomBytes(kAesNonceBytes), plain, about);
}

absl::StatusOr<std::string> SealingKey::Open(absl::string_view sealed, absl::string_view about) const {
  std::optional<std::string> plain = AesGcmOpen(key_, sealed, about);
  if (!plain) return absl::DataLossError("what is sealed cannot be opened");
  return *std::move(plain);
}

}  // namespace masthead::crypto
