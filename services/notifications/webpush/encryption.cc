#include "services/notifications/webpush/encryption.h"

#include <cstdlib>

#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "common/crypto/mac.h"
#include "common/crypto/openssl_ptr.h"
#include "openssl/core_names.h"
#include "openssl/evp.h"
#include "openssl/kdf.h"
#include "services/notifications/webpush/p256_key.h"

namespace masthead::notifications::webpush {
namespace {

using crypto::OpenSslPtr;

constexpr size_t kSaltBytes = 16;
constexpr size_t kAuthBytes = 16;
constexpr size_t kSecretBytes = 32;
constexpr size_t kKeyBytes = 16;
constexpr size_t kNonceBytes = 12;
constexpr int kTagBytes = 16;
constexpr uint32_t kRecordBytes = 4096;
constexpr char kLastRecord = 2;  // The delimiter that padding begins with (RFC 8188 section 2).

// OpenSSL fails here only without memory or without its own algorithms: nothing that a caller could handle.
void Require(bool done) {
  if (!done) std::abort();
}

const unsigned char* Octets(absl::string_view text) { return reinterpret_cast<const unsigned char*>(text.data()); }
unsigned char* Octets(std::string& text) { return reinterpret_cast<unsigned char*>(text.data()); }

// HKDF with SHA-256, both steps (RFC 5869).
std::string Hkdf(absl::string_view salt, absl::string_view secret, absl::string_view info, size_t bytes) {
  const OpenSslPtr<EVP_PKEY_CTX, EVP_PKEY_CTX_free> context(EVP_PKEY_CTX_new_id(EVP_PKEY_HKDF, nullptr));
  std::string out(bytes, '\0');
  size_t length = bytes;
  Require(context != nullptr && EVP_PKEY_derive_init(context.get()) == 1 &&
          EVP_PKEY_CTX_set_hkdf_md(context.get(), EVP_sha256()) == 1 &&
          EVP_PKEY_CTX_set1_hkdf_salt(context.get(), Octets(salt), static_cast<int>(salt.size())) == 1 &&
          EVP_PKEY_CTX_set1_hkdf_key(context.get(), Octets(secret), static_cast<int>(secret.size())) == 1 &&
          EVP_PKEY_CTX_add1_hkdf_info(context.get(), Octets(info), static_cast<int>(info.size())) == 1 &&
          EVP_PKEY_derive(context.get(), Octets(out), &length) == 1);
  return out;
}

std::string SealRecord(absl::string_view key, absl::string_view nonce, const std::string& plain) {
  const OpenSslPtr<EVP_CIPHER_CTX, EVP_CIPHER_CTX_free> context(EVP_CIPHER_CTX_new());
  int length = 0;
  std::string cipher(plain.size(), '\0');
  std::string tag(kTagBytes, '\0');
  Require(context != nullptr &&
          EVP_EncryptInit_ex2(context.get(), EVP_aes_128_gcm(), Octets(key), Octets(nonce), nullptr) == 1 &&
          EVP_EncryptUpdate(context.get(), Octets(cipher), &length, Octets(plain), static_cast<int>(plain.size())) ==
              1 &&
          EVP_EncryptFinal_ex(context.get(), Octets(cipher) + length, &length) == 1 &&
          EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_GCM_GET_TAG, kTagBytes, tag.data()) == 1);
  return cipher + tag;
}

std::string BigEndian(uint32_t number) {
  return {static_cast<char>(number >> 24), static_cast<char>(number >> 16), static_cast<char>(number >> 8),
          static_cast<char>(number)};
}

}  // namespace

absl::StatusOr<std::string> Encrypt(absl::string_view plaintext, absl::string_view p256dh, absl::string_view auth,
                                    const std::optional<Ephemeral>& ephemeral) {
  if (plaintext.size() > kMaxPlaintext) return absl::InvalidArgumentError("the text is longer than a push may be");
  if (auth.size() != kAuthBytes) return absl::InvalidArgumentError("the browser's secret must have 16 bytes");
  const std::string salt = ephemeral ? ephemeral->salt : crypto::RandomBytes(kSaltBytes);
  ASSIGN_OR_RETURN(const P256Key sender,
                   ephemeral ? P256Key::FromPrivate(ephemeral->private_key) : P256Key::Generate());
  ASSIGN_OR_RETURN(const std::string shared, sender.Agree(p256dh));

  // RFC 8291 section 3.4, then RFC 8188 sections 2.2 and 2.3.
  const std::string info = absl::StrCat(absl::string_view("WebPush: info\0", 14), p256dh, sender.public_key());
  const std::string secret = Hkdf(auth, shared, info, kSecretBytes);
  const std::string key = Hkdf(salt, secret, absl::string_view("Content-Encoding: aes128gcm\0", 28), kKeyBytes);
  const std::string nonce = Hkdf(salt, secret, absl::string_view("Content-Encoding: nonce\0", 24), kNonceBytes);
  return absl::StrCat(salt, BigEndian(kRecordBytes), std::string(1, static_cast<char>(sender.public_key().size())),
                      sender.public_key(),
                      SealRecord(key, nonce, absl::StrCat(plaintext, std::string(1, kLastRecord))));
}

}  // namespace masthead::notifications::webpush
