#include "common/crypto/aes_gcm.h"

#include <cstdlib>

#include "absl/strings/str_cat.h"
#include "common/crypto/openssl_ptr.h"
#include "openssl/evp.h"

namespace masthead::crypto {
namespace {

constexpr int kTagBytes = 16;

using Context = OpenSslPtr<EVP_CIPHER_CTX, EVP_CIPHER_CTX_free>;

// OpenSSL fails here only without memory or without its own algorithms: nothing that a caller could handle.
void Require(bool done) {
  if (!done) std::abort();
}

const EVP_CIPHER* Aes256Gcm() {
  static const EVP_CIPHER* const cipher = EVP_CIPHER_fetch(nullptr, "AES-256-GCM", nullptr);
  Require(cipher != nullptr);
  return cipher;
}

const unsigned char* Octets(absl::string_view text) { return reinterpret_cast<const unsigned char*>(text.data()); }
unsigned char* Octets(std::string& text) { return reinterpret_cast<unsigned char*>(text.data()); }

}  // namespace

std::string AesGcmSeal(absl::string_view key, absl::string_view nonce, absl::string_view plain,
                       absl::string_view about) {
  const Context context(EVP_CIPHER_CTX_new());
  int length = 0;
  std::string cipher(plain.size(), '\0');
  std::string tag(kTagBytes, '\0');
  Require(
      context != nullptr && EVP_EncryptInit_ex2(context.get(), Aes256Gcm(), Octets(key), Octets(nonce), nullptr) == 1 &&
      EVP_EncryptUpdate(context.get(), nullptr, &length, Octets(about), static_cast<int>(about.size())) == 1 &&
      EVP_EncryptUpdate(context.get(), Octets(cipher), &length, Octets(plain), static_cast<int>(plain.size())) == 1 &&
      EVP_EncryptFinal_ex(context.get(), Octets(cipher) + length, &length) == 1 &&
      EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_GCM_GET_TAG, kTagBytes, tag.data()) == 1);
  return absl::StrCat(nonce, cipher, tag);
}

std::optional<std::string> AesGcmOpen(absl::string_view key, absl::string_view sealed, absl::string_view about) {
  if (sealed.size() < kAesNonceBytes + kTagBytes) return std::nullopt;
  const absl::string_view cipher = sealed.substr(kAesNonceBytes, sealed.size() - kAesNonceBytes - kTagBytes);
  std::string tag(sealed.substr(sealed.size() - kTagBytes));
  const Context context(EVP_CIPHER_CTX_new());
  int length = 0;
  std::string plain(cipher.size(), '\0');
  Require(context != nullptr &&
          EVP_DecryptInit_ex2(context.get(), Aes256Gcm(), Octets(key), Octets(sealed), nullptr) == 1 &&
          EVP_DecryptUpdate(context.get(), nullptr, &length, Octets(about), static_cast<int>(about.size())) == 1 &&
          EVP_DecryptUpdate(context.get(), Octets(plain), &length, Octets(cipher), static_cast<int>(cipher.size())) ==
              1 &&
          EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_GCM_SET_TAG, kTagBytes, tag.data()) == 1);
  if (EVP_DecryptFinal_ex(context.get(), Octets(plain) + length, &length) != 1) return std::nullopt;
  return plain;
}

}  // namespace masthead::crypto
