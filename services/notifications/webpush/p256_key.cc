#include "services/notifications/webpush/p256_key.h"

#include <cstdlib>

#include "common/base/status_macros.h"
#include "openssl/bio.h"
#include "openssl/bn.h"
#include "openssl/core_names.h"
#include "openssl/ec.h"
#include "openssl/param_build.h"
#include "openssl/pem.h"

namespace masthead::notifications::webpush {
namespace {

using crypto::OpenSslPtr;

constexpr char kCurve[] = "P-256";
constexpr size_t kPointBytes = 65;
constexpr size_t kScalarBytes = 32;

void Require(bool done) {
  if (!done) std::abort();
}

const unsigned char* Octets(absl::string_view text) { return reinterpret_cast<const unsigned char*>(text.data()); }
unsigned char* Octets(std::string& text) { return reinterpret_cast<unsigned char*>(text.data()); }

// The point that belongs to a scalar.
std::string PointOf(const BIGNUM* scalar) {
  const OpenSslPtr<EC_GROUP, EC_GROUP_free> group(EC_GROUP_new_by_curve_name(NID_X9_62_prime256v1));
  const OpenSslPtr<EC_POINT, EC_POINT_free> point(EC_POINT_new(group.get()));
  std::string octets(kPointBytes, '\0');
  Require(EC_POINT_mul(group.get(), point.get(), scalar, nullptr, nullptr, nullptr) == 1 &&
          EC_POINT_point2oct(group.get(), point.get(), POINT_CONVERSION_UNCOMPRESSED, Octets(octets), octets.size(),
                             nullptr) == octets.size());
  return octets;
}

OpenSslPtr<EVP_PKEY, EVP_PKEY_free> Import(absl::string_view point, const BIGNUM* scalar) {
  const OpenSslPtr<OSSL_PARAM_BLD, OSSL_PARAM_BLD_free> build(OSSL_PARAM_BLD_new());
  Require(build != nullptr &&
          OSSL_PARAM_BLD_push_utf8_string(build.get(), OSSL_PKEY_PARAM_GROUP_NAME, kCurve, 0) == 1 &&
          OSSL_PARAM_BLD_push_octet_string(build.get(), OSSL_PKEY_PARAM_PUB_KEY, point.data(), point.size()) == 1);
  if (scalar != nullptr) Require(OSSL_PARAM_BLD_push_BN(build.get(), OSSL_PKEY_PARAM_PRIV_KEY, scalar) == 1);
  const OpenSslPtr<OSSL_PARAM, OSSL_PARAM_free> parameters(OSSL_PARAM_BLD_to_param(build.get()));
  const OpenSslPtr<EVP_PKEY_CTX, EVP_PKEY_CTX_free> context(EVP_PKEY_CTX_new_from_name(nullptr, "EC", nullptr));
  EVP_PKEY* key = nullptr;
  if (EVP_PKEY_fromdata_init(context.get()) != 1 ||
      EVP_PKEY_fromdata(context.get(), &key, scalar == nullptr ? EVP_PKEY_PUBLIC_KEY : EVP_PKEY_KEYPAIR,
                        parameters.get()) != 1) {
    return nullptr;
  }
  return OpenSslPtr<EVP_PKEY, EVP_PKEY_free>(key);
}

bool IsOnTheCurve(EVP_PKEY* key) {
  const OpenSslPtr<EVP_PKEY_CTX, EVP_PKEY_CTX_free> check(EVP_PKEY_CTX_new_from_pkey(nullptr, key, nullptr));
  return EVP_PKEY_public_check(check.get()) == 1;
}

}  // namespace

absl::StatusOr<P256Key> P256Key::FromKey(Key key) {
  char group[32] = {};
  size_t length = 0;
  if (key == nullptr || EVP_PKEY_is_a(key.get(), "EC") != 1 ||
      EVP_PKEY_get_utf8_string_param(key.get(), OSSL_PKEY_PARAM_GROUP_NAME, group, sizeof(group), &length) != 1 ||
      absl::string_view(group, length) != "prime256v1") {
    return absl::InvalidArgumentError("it is no private key on P-256");
  }
  BIGNUM* raw = nullptr;
  if (EVP_PKEY_get_bn_param(key.get(), OSSL_PKEY_PARAM_PRIV_KEY, &raw) != 1) {
    return absl::InvalidArgumentError("it is no private key on P-256");
  }
  const OpenSslPtr<BIGNUM, BN_clear_free> scalar(raw);
  std::string point = PointOf(scalar.get());
  return P256Key(std::move(key), std::move(point));
}

absl::StatusOr<P256Key> P256Key::Generate() { return FromKey(Key(EVP_EC_gen(kCurve))); }

absl::StatusOr<P256Key> P256Key::FromPrivate(absl::string_view scalar) {
  if (scalar.size() != kScalarBytes) return absl::InvalidArgumentError("a private key on P-256 has 32 bytes");
  const OpenSslPtr<BIGNUM, BN_clear_free> number(BN_bin2bn(Octets(scalar), kScalarBytes, nullptr));
  return FromKey(Import(PointOf(number.get()), number.get()));
}

absl::StatusOr<P256Key> P256Key::FromPem(absl::string_view pem) {
  const OpenSslPtr<BIO, BIO_free> file(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  return FromKey(Key(PEM_read_bio_PrivateKey(file.get(), nullptr, nullptr, nullptr)));
}

absl::StatusOr<std::string> P256Key::Agree(absl::string_view peer) const {
  const Key other = peer.size() == kPointBytes && peer[0] == 4 ? Import(peer, nullptr) : nullptr;
  if (other == nullptr || !IsOnTheCurve(other.get())) {
    return absl::InvalidArgumentError("the browser's key is no point on P-256");
  }
  const OpenSslPtr<EVP_PKEY_CTX, EVP_PKEY_CTX_free> context(EVP_PKEY_CTX_new_from_pkey(nullptr, key_.get(), nullptr));
  std::string secret(kScalarBytes, '\0');
  size_t length = secret.size();
  Require(context != nullptr && EVP_PKEY_derive_init(context.get()) == 1 &&
          EVP_PKEY_derive_set_peer(context.get(), other.get()) == 1 &&
          EVP_PKEY_derive(context.get(), Octets(secret), &length) == 1 && length == kScalarBytes);
  return secret;
}

std::string P256Key::Sign(absl::string_view data) const {
  const OpenSslPtr<EVP_MD_CTX, EVP_MD_CTX_free> context(EVP_MD_CTX_new());
  size_t length = 0;
  Require(context != nullptr && EVP_DigestSignInit(context.get(), nullptr, EVP_sha256(), nullptr, key_.get()) == 1 &&
          EVP_DigestSign(context.get(), nullptr, &length, Octets(data), data.size()) == 1);
  std::string der(length, '\0');
  Require(EVP_DigestSign(context.get(), Octets(der), &length, Octets(data), data.size()) == 1);
  const unsigned char* next = Octets(der);
  const OpenSslPtr<ECDSA_SIG, ECDSA_SIG_free> signature(d2i_ECDSA_SIG(nullptr, &next, static_cast<long>(length)));
  Require(signature != nullptr);
  std::string raw(2 * kScalarBytes, '\0');
  Require(BN_bn2binpad(ECDSA_SIG_get0_r(signature.get()), Octets(raw), kScalarBytes) == kScalarBytes &&
          BN_bn2binpad(ECDSA_SIG_get0_s(signature.get()), Octets(raw) + kScalarBytes, kScalarBytes) == kScalarBytes);
  return raw;
}

}  // namespace masthead::notifications::webpush
