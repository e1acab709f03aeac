#include "common/crypto/mac.h"

#include <cstdint>
#include <cstdlib>
#include <memory>
#include <utility>

#include "openssl/core_names.h"
#include "openssl/crypto.h"
#include "openssl/evp.h"
#include "openssl/hmac.h"
#include "openssl/kdf.h"
#include "openssl/params.h"
#include "openssl/rand.h"

namespace masthead::crypto {
namespace {

constexpr size_t kDigestBytes = 32;
constexpr char kAlphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

// OpenSSL fails here only without memory or without its own algorithms: nothing that a caller could handle.
void Require(bool done) {
  if (!done) std::abort();
}

// Fetched once: an implicit fetch at each use costs more than the digest of a short text.
const EVP_MD* Sha256Algorithm() {
  static const EVP_MD* const algorithm = EVP_MD_fetch(nullptr, "SHA256", nullptr);
  Require(algorithm != nullptr);
  return algorithm;
}

std::array<int8_t, 256> MakeValues() {
  std::array<int8_t, 256> values;
  values.fill(-1);
  for (int8_t i = 0; i < 64; ++i) values[static_cast<unsigned char>(kAlphabet[i])] = i;
  return values;
}

}  // namespace

std::string Sha256(absl::string_view data) {
  std::string digest(kDigestBytes, '\0');
  Require(EVP_Digest(data.data(), data.size(), reinterpret_cast<unsigned char*>(digest.data()), nullptr,
                     Sha256Algorithm(), nullptr) == 1);
  return digest;
}

std::string RandomBytes(size_t count) {
  std::string bytes(count, '\0');
  Require(RAND_bytes(reinterpret_cast<unsigned char*>(bytes.data()), static_cast<int>(count)) == 1);
  return bytes;
}

std::string Base64Url(absl::string_view bytes) {
  std::string text;
  text.reserve((bytes.size() * 4 + 2) / 3);
  uint32_t bits = 0;
  int count = 0;
  for (char c : bytes) {
    bits = bits << 8 | static_cast<unsigned char>(c);
    for (count += 8; count >= 6; count -= 6) text += kAlphabet[bits >> (count - 6) & 63];
  }
  if (count > 0) text += kAlphabet[bits << (6 - count) & 63];
  return text;
}

absl::StatusOr<std::string> ParseBase64Url(absl::string_view text) {
  static const std::array<int8_t, 256> values = MakeValues();
  const absl::Status malformed = absl::InvalidArgumentError("not base64url without padding");
  if (text.size() % 4 == 1) return malformed;
  std::string bytes;
  bytes.reserve(text.size() * 3 / 4);
  uint32_t bits = 0;
  int count = 0;
  for (char c : text) {
    const int8_t value = values[static_cast<unsigned char>(c)];
    if (value < 0) return malformed;
    bits = bits << 6 | static_cast<uint32_t>(value);
    count += 6;
    if (count >= 8) {
      count -= 8;
      bytes += static_cast<char>(bits >> count);
    }
  }
  // Bits left over are zero, or a second text would mean the same bytes.
  if ((bits & ((1U << count) - 1)) != 0) return malformed;
  return bytes;
}

bool ConstantTimeEquals(absl::string_view a, absl::string_view b) {
  return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

absl::StatusOr<MacKey> MacKey::FromBytes(absl::string_view bytes) {
  if (bytes.size() < kDigestBytes) return absl::InvalidArgumentError("a MAC key has at least 32 bytes");
  return MacKey(std::string(bytes));
}

MacKey MacKey::Random() { return MacKey(RandomBytes(kDigestBytes)); }

MacKey MacKey::Derive(absl::string_view purpose) const {
  const std::unique_ptr<EVP_KDF, decltype(&EVP_KDF_free)> kdf(EVP_KDF_fetch(nullptr, "HKDF", nullptr), &EVP_KDF_free);
  Require(kdf != nullptr);
  const std::unique_ptr<EVP_KDF_CTX, decltype(&EVP_KDF_CTX_free)> context(EVP_KDF_CTX_new(kdf.get()),
                                                                          &EVP_KDF_CTX_free);
  Require(context != nullptr);
  // OSSL_PARAM takes mutable pointers, and reads them only.
  std::string digest = "SHA256";
  std::string key = bytes_;
  std::string info(purpose);
  const OSSL_PARAM parameters[] = {
      OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_DIGEST, digest.data(), 0),
      OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_KEY, key.data(), key.size()),
      OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_INFO, info.data(), info.size()),
      OSSL_PARAM_construct_end(),
  };
  std::string derived(kDigestBytes, '\0');
  Require(EVP_KDF_derive(context.get(), reinterpret_cast<unsigned char*>(derived.data()), derived.size(), parameters) ==
          1);
  OPENSSL_cleanse(key.data(), key.size());
  return MacKey(std::move(derived));
}

std::string MacKey::Sign(absl::string_view data) const {
  std::string mac(kDigestBytes, '\0');
  Require(HMAC(Sha256Algorithm(), bytes_.data(), static_cast<int>(bytes_.size()),
               reinterpret_cast<const unsigned char*>(data.data()), data.size(),
               reinterpret_cast<unsigned char*>(mac.data()), nullptr) != nullptr);
  return mac;
}

bool MacKey::Verify(absl::string_view data, absl::string_view mac) const { return ConstantTimeEquals(Sign(data), mac); }

}  // namespace masthead::crypto
