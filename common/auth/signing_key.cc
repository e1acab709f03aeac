#include <cstdlib>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "common/auth/public_key.h"
#include "common/auth/token.h"
#include "common/crypto/mac.h"
#include "nlohmann/json.hpp"
#include "openssl/bio.h"
#include "openssl/bn.h"
#include "openssl/core_names.h"
#include "openssl/ec.h"
#include "openssl/ecdsa.h"
#include "openssl/pem.h"

namespace masthead::auth {
namespace {

using crypto::OpenSslPtr;
using nlohmann::json;

constexpr int kP256Bytes = 32;

// OpenSSL fails here only without memory: nothing that a caller could handle.
void Require(bool done) {
  if (!done) std::abort();
}

std::string Fixed32(const BIGNUM* number) {
  std::string bytes(kP256Bytes, '\0');
  Require(BN_bn2binpad(number, reinterpret_cast<unsigned char*>(bytes.data()), kP256Bytes) == kP256Bytes);
  return bytes;
}

std::string Coordinate(const EVP_PKEY* key, const char* name) {
  BIGNUM* raw = nullptr;
  Require(EVP_PKEY_get_bn_param(key, name, &raw) == 1);
  const OpenSslPtr<BIGNUM, BN_free> number(raw);
  return crypto::Base64Url(Fixed32(number.get()));
}

// Not escaped by hand: what we sign is what a strict reader reads. Bytes that are no UTF-8 cannot get here from a
// checked request.
std::string Dump(const json& value) { return value.dump(-1, ' ', false, json::error_handler_t::replace); }

const char* KindName(Caller::Kind kind) {
  switch (kind) {
    case Caller::Kind::kMember:
      return "member";
    case Caller::Kind::kStaff:
      return "staff";
    case Caller::Kind::kBackend:
      return "backend";
    case Caller::Kind::kAnonymous:
    case Caller::Kind::kService:
      break;
  }
  // A wiring bug: these have no tokens.
  std::abort();
}

json ClaimsJson(const TokenClaims& claims) {
  const Caller& caller = claims.caller;
  json body = {
      {"iss", claims.issuer},
      {"aud", claims.audience},
      {"sub", caller.subject},
      {"jti", claims.id},
      {"iat", absl::ToUnixSeconds(claims.issue_time)},
      {"exp", absl::ToUnixSeconds(caller.expire_time)},
      {"masthead_kind", KindName(caller.kind)},
  };
  if (caller.kind == Caller::Kind::kMember) body["tiers"] = caller.tiers;
  if (caller.kind == Caller::Kind::kStaff) body["roles"] = caller.roles;
  if (caller.kind == Caller::Kind::kBackend) body["scope"] = absl::StrJoin(caller.scopes, " ");
  return body;
}

// What everybody may know of a key on P-256.
class PublicParts {
 public:
  explicit PublicParts(const EVP_PKEY* key)
      : x_(Coordinate(key, OSSL_PKEY_PARAM_EC_PUB_X)), y_(Coordinate(key, OSSL_PKEY_PARAM_EC_PUB_Y)) {}

  // RFC 7638 section 3: the required members, in this order, without white space.
  std::string kid() const {
    return crypto::Base64Url(
        crypto::Sha256(absl::StrCat(R"({"crv":"P-256","kty":"EC","x":")", x_, R"(","y":")", y_, R"("})")));
  }

  std::string jwk_json() const {
    return Dump(
        {{"kty", "EC"}, {"crv", "P-256"}, {"x", x_}, {"y", y_}, {"kid", kid()}, {"use", "sig"}, {"alg", "ES256"}});
  }

 private:
  std::string x_;
  std::string y_;
};

class EcSigningKey final : public SigningKey {
 public:
  explicit EcSigningKey(EvpKey key) : key_(std::move(key)), public_(key_.get()), kid_(public_.kid()) {}

  std::string kid() const override { return kid_; }
  std::string public_jwk_json() const override { return public_.jwk_json(); }

  std::string pem() const override {
    const OpenSslPtr<BIO, BIO_free> bio(BIO_new(BIO_s_mem()));
    Require(bio != nullptr &&
            PEM_write_bio_PKCS8PrivateKey(bio.get(), key_.get(), nullptr, nullptr, 0, nullptr, nullptr) == 1);
    char* text = nullptr;
    const long size = BIO_get_mem_data(bio.get(), &text);
    return std::string(text, static_cast<size_t>(size));
  }

  std::string SignToken(const TokenClaims& claims) const override {
    const json header = {{"alg", "ES256"}, {"kid", kid_}, {"typ", "at+jwt"}};
    const std::string text =
        absl::StrCat(crypto::Base64Url(Dump(header)), ".", crypto::Base64Url(Dump(ClaimsJson(claims))));
    return absl::StrCat(text, ".", crypto::Base64Url(Sign(text)));
  }

 private:
  // r and s, 32 bytes each (RFC 7518 section 3.4).
  std::string Sign(const std::string& text) const {
    const auto* bytes = reinterpret_cast<const unsigned char*>(text.data());
    const OpenSslPtr<EVP_MD_CTX, EVP_MD_CTX_free> context(EVP_MD_CTX_new());
    Require(context != nullptr &&
            EVP_DigestSignInit_ex(context.get(), nullptr, "SHA256", nullptr, nullptr, key_.get(), nullptr) == 1);
    size_t size = 0;
    Require(EVP_DigestSign(context.get(), nullptr, &size, bytes, text.size()) == 1);
    std::string der(size, '\0');
    Require(EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(der.data()), &size, bytes, text.size()) ==
            1);
    const auto* cursor = reinterpret_cast<const unsigned char*>(der.data());
    const OpenSslPtr<ECDSA_SIG, ECDSA_SIG_free> signature(d2i_ECDSA_SIG(nullptr, &cursor, static_cast<long>(size)));
    Require(signature != nullptr);
    return absl::StrCat(Fixed32(ECDSA_SIG_get0_r(signature.get())), Fixed32(ECDSA_SIG_get0_s(signature.get())));
  }

  EvpKey key_;
  PublicParts public_;
  std::string kid_;
};

// Fails instead of asking at a terminal.
int NoPassphrase(char*, int, int, void*) { return -1; }

OpenSslPtr<BIO, BIO_free> Reading(absl::string_view pem) {
  OpenSslPtr<BIO, BIO_free> bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  Require(bio != nullptr);
  return bio;
}

// `key` may be null.
bool IsOnP256(const EVP_PKEY* key) {
  char group[32] = "";
  return key != nullptr && EVP_PKEY_is_a(key, "EC") == 1 &&
         EVP_PKEY_get_group_name(key, group, sizeof group, nullptr) == 1 && absl::string_view(group) == "prime256v1";
}

}  // namespace

absl::StatusOr<std::unique_ptr<SigningKey>> SigningKey::FromPem(absl::string_view pem) {
  const OpenSslPtr<BIO, BIO_free> bio = Reading(pem);
  EvpKey key(PEM_read_bio_PrivateKey(bio.get(), nullptr, &NoPassphrase, nullptr));
  if (!IsOnP256(key.get())) {
    return absl::InvalidArgumentError("a signing key is an unencrypted private EC key on P-256, in PEM");
  }
  return std::make_unique<EcSigningKey>(std::move(key));
}

std::unique_ptr<SigningKey> SigningKey::Generate() {
  EvpKey key(EVP_EC_gen("P-256"));
  Require(key != nullptr);
  return std::make_unique<EcSigningKey>(std::move(key));
}

absl::StatusOr<std::string> PublicJwkJson(absl::string_view public_pem) {
  if (absl::StrContains(public_pem, "PRIVATE KEY-----")) {
    return absl::InvalidArgumentError(
        "a private key where only a public one is needed: publish what `openssl pkey -pubout` makes of it");
  }
  const OpenSslPtr<BIO, BIO_free> bio = Reading(public_pem);
  const EvpKey key(PEM_read_bio_PUBKEY(bio.get(), nullptr, &NoPassphrase, nullptr));
  if (!IsOnP256(key.get())) return absl::InvalidArgumentError("a published key is a public EC key on P-256, in PEM");
  return PublicParts(key.get()).jwk_json();
}

std::string MakeKeySetJson(const std::vector<std::string>& jwks) {
  return absl::StrCat(R"({"keys":[)", absl::StrJoin(jwks, ","), "]}");
}

}  // namespace masthead::auth
