#include "services/notifications/dkim/signing_key.h"

#include <utility>

#include "absl/strings/escaping.h"
#include "common/crypto/mac.h"
#include "openssl/err.h"
#include "openssl/pem.h"

namespace masthead::notifications::dkim {
namespace {

// RFC 8301 section 3.2 asks for 1024 at least and 2048 where one may choose; mailbox providers ask for 2048.
constexpr int kMinRsaBits = 2048;

// Never asks anybody for a passphrase.
int NoPassphrase(char* /*buffer*/, int /*size*/, int /*writing*/, void* /*nothing*/) { return 0; }

}  // namespace

absl::string_view AlgorithmName(Algorithm algorithm) {
  return algorithm == Algorithm::kRsaSha256 ? "rsa-sha256" : "ed25519-sha256";
}

absl::StatusOr<SigningKey> SigningKey::FromPem(absl::string_view pem) {
  const crypto::OpenSslPtr<BIO, BIO_free_all> bytes(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  Key key(PEM_read_bio_PrivateKey(bytes.get(), nullptr, NoPassphrase, nullptr));
  ERR_clear_error();
  return Of(std::move(key));
}

absl::StatusOr<SigningKey> SigningKey::FromEd25519Seed(absl::string_view seed) {
  Key key(EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nullptr, reinterpret_cast<const unsigned char*>(seed.data()),
                                       seed.size()));
  ERR_clear_error();
  return Of(std::move(key));
}

absl::StatusOr<SigningKey> SigningKey::Of(Key key) {
  if (key == nullptr) return absl::InvalidArgumentError("not an unencrypted private key in PEM");
  const int kind = EVP_PKEY_base_id(key.get());
  if (kind == EVP_PKEY_ED25519) return SigningKey(std::move(key), Algorithm::kEd25519Sha256);
  if (kind != EVP_PKEY_RSA) return absl::InvalidArgumentError("a DKIM key is of RSA or Ed25519");
  if (EVP_PKEY_bits(key.get()) < kMinRsaBits) return absl::InvalidArgumentError("an RSA key needs 2048 bits or more");
  return SigningKey(std::move(key), Algorithm::kRsaSha256);
}

absl::StatusOr<std::string> SigningKey::Sign(absl::string_view data) const {
  const bool ed25519 = algorithm_ == Algorithm::kEd25519Sha256;
  const std::string hash = ed25519 ? crypto::Sha256(data) : std::string();
  const absl::string_view input = ed25519 ? absl::string_view(hash) : data;
  const crypto::OpenSslPtr<EVP_MD_CTX, EVP_MD_CTX_free> context(EVP_MD_CTX_new());
  size_t size = static_cast<size_t>(EVP_PKEY_size(key_.get()));
  std::string signature(size, '\0');
  if (EVP_DigestSignInit(context.get(), nullptr, ed25519 ? nullptr : EVP_sha256(), nullptr, key_.get()) != 1 ||
      EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(signature.data()), &size,
                     reinterpret_cast<const unsigned char*>(input.data()), input.size()) != 1) {
    ERR_clear_error();
    return absl::InternalError("OpenSSL did not sign");
  }
  signature.resize(size);
  return absl::Base64Escape(signature);
}

}  // namespace masthead::notifications::dkim
