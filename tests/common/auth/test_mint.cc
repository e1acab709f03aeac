#include "tests/common/auth/test_mint.h"

#include <cstdlib>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/crypto/mac.h"
#include "common/crypto/openssl_ptr.h"
#include "openssl/bio.h"
#include "openssl/bn.h"
#include "openssl/core_names.h"
#include "openssl/ec.h"
#include "openssl/ecdsa.h"
#include "openssl/evp.h"
#include "openssl/pem.h"
#include "openssl/rsa.h"

namespace masthead::auth {
namespace {

using crypto::Base64Url;
using crypto::OpenSslPtr;
using nlohmann::json;

void Require(bool done) {
  if (!done) std::abort();
}

std::string Number(EVP_PKEY* key, const char* name, int width) {
  BIGNUM* raw = nullptr;
  Require(EVP_PKEY_get_bn_param(key, name, &raw) == 1);
  const OpenSslPtr<BIGNUM, BN_free> number(raw);
  std::string bytes(width == 0 ? BN_num_bytes(raw) : width, '\0');
  Require(BN_bn2binpad(raw, reinterpret_cast<unsigned char*>(bytes.data()), static_cast<int>(bytes.size())) >= 0);
  return Base64Url(bytes);
}

template <typename Write>
std::string ToPem(Write write) {
  const OpenSslPtr<BIO, BIO_free> bio(BIO_new(BIO_s_mem()));
  Require(write(bio.get()) == 1);
  char* text = nullptr;
  const long size = BIO_get_mem_data(bio.get(), &text);
  return std::string(text, static_cast<size_t>(size));
}

std::string FixedWidth(const BIGNUM* number) {
  std::string bytes(32, '\0');
  Require(BN_bn2binpad(number, reinterpret_cast<unsigned char*>(bytes.data()), 32) == 32);
  return bytes;
}

}  // namespace

TestMint::TestMint(std::string kid, Type type, int strength)
    : kid_(std::move(kid)),
      type_(type),
      key_(type == Type::kRsa ? EVP_RSA_gen(strength == 0 ? 2048 : strength)
                              : EVP_EC_gen(strength == 384 ? "P-384" : "P-256"),
           &EVP_PKEY_free) {
  Require(key_ != nullptr);
}

json TestMint::jwk() const {
  if (type_ == Type::kRsa) {
    return {{"kty", "RSA"},
            {"kid", kid_},
            {"use", "sig"},
            {"alg", "RS256"},
            {"n", Number(key_.get(), "n", 0)},
            {"e", Number(key_.get(), "e", 0)}};
  }
  const int width = (EVP_PKEY_get_bits(key_.get()) + 7) / 8;
  return {{"kty", "EC"},
          {"kid", kid_},
          {"use", "sig"},
          {"alg", width == 32 ? "ES256" : "ES384"},
          {"crv", width == 32 ? "P-256" : "P-384"},
          {"x", Number(key_.get(), OSSL_PKEY_PARAM_EC_PUB_X, width)},
          {"y", Number(key_.get(), OSSL_PKEY_PARAM_EC_PUB_Y, width)}};
}

std::string TestMint::public_key_pem() const {
  return ToPem([&](BIO* bio) { return PEM_write_bio_PUBKEY(bio, key_.get()); });
}

std::string TestMint::private_key_pem() const {
  return ToPem(
      [&](BIO* bio) { return PEM_write_bio_PKCS8PrivateKey(bio, key_.get(), nullptr, nullptr, 0, nullptr, nullptr); });
}

std::string TestMint::Signature(const std::string& text) const {
  const auto* bytes = reinterpret_cast<const unsigned char*>(text.data());
  const OpenSslPtr<EVP_MD_CTX, EVP_MD_CTX_free> context(EVP_MD_CTX_new());
  Require(EVP_DigestSignInit_ex(context.get(), nullptr, "SHA256", nullptr, nullptr, key_.get(), nullptr) == 1);
  size_t size = 0;
  Require(EVP_DigestSign(context.get(), nullptr, &size, bytes, text.size()) == 1);
  std::string signature(size, '\0');
  Require(EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(signature.data()), &size, bytes,
                         text.size()) == 1);
  signature.resize(size);
  return signature;
}

std::string TestMint::SignRaw(const std::string& header, const std::string& body) const {
  const std::string text = absl::StrCat(Base64Url(header), ".", Base64Url(body));
  std::string signature = Signature(text);
  if (type_ == Type::kEc) {
    const auto* cursor = reinterpret_cast<const unsigned char*>(signature.data());
    const OpenSslPtr<ECDSA_SIG, ECDSA_SIG_free> numbers(
        d2i_ECDSA_SIG(nullptr, &cursor, static_cast<long>(signature.size())));
    signature = FixedWidth(ECDSA_SIG_get0_r(numbers.get())) + FixedWidth(ECDSA_SIG_get0_s(numbers.get()));
  }
  return absl::StrCat(text, ".", Base64Url(signature));
}

std::string TestMint::SignDer(const std::string& header, const std::string& body) const {
  const std::string text = absl::StrCat(Base64Url(header), ".", Base64Url(body));
  return absl::StrCat(text, ".", Base64Url(Signature(text)));
}

json TestMint::Header(const json& patch) const {
  json header = {{"alg", type_ == Type::kEc ? "ES256" : "RS256"}, {"kid", kid_}, {"typ", "at+jwt"}};
  header.merge_patch(patch);
  return header;
}

json TestMint::Claims(const json& patch) {
  const int64_t now = absl::ToUnixSeconds(kNow);
  json claims = {{"iss", "masthead-memberships"},
                 {"aud", "masthead"},
                 {"sub", "members/olena"},
                 {"jti", "0190a5d0-0000-7000-8000-000000000001"},
                 {"iat", now},
                 {"exp", now + 600},
                 {"masthead_kind", "member"},
                 {"tiers", {"tiers/gold"}}};
  claims.merge_patch(patch);
  return claims;
}

std::string TestMint::Sign(const json& header_patch, const json& claims_patch) const {
  return SignRaw(Header(header_patch).dump(), Claims(claims_patch).dump());
}

std::unique_ptr<KeySet> Publish(const std::vector<json>& jwks) {
  absl::StatusOr<std::unique_ptr<KeySet>> keys = ParseKeySet(json({{"keys", jwks}}).dump());
  Require(keys.ok());
  return *std::move(keys);
}

}  // namespace masthead::auth
