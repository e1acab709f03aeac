#include "common/auth/public_key.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/auth/json.h"
#include "common/base/status_macros.h"
#include "common/crypto/mac.h"
#include "openssl/bn.h"
#include "openssl/core_names.h"
#include "openssl/ec.h"
#include "openssl/ecdsa.h"
#include "openssl/param_build.h"

namespace masthead::auth {
namespace {

using crypto::OpenSslPtr;
using nlohmann::json;
using Number = OpenSslPtr<BIGNUM, BN_free>;
using Parameters = OpenSslPtr<OSSL_PARAM, OSSL_PARAM_free>;

constexpr size_t kP256Bytes = 32;
constexpr int kMinRsaBits = 2048;
constexpr int kMaxRsaBits = 8192;
constexpr BN_ULONG kMinExponent = 65537;

absl::Status Unusable(absl::string_view why) { return absl::InvalidArgumentError(absl::StrCat("unusable key: ", why)); }

const unsigned char* Bytes(absl::string_view text) { return reinterpret_cast<const unsigned char*>(text.data()); }

absl::StatusOr<std::string> Member(const json& jwk, const char* name) {
  const std::string* text = FindText(jwk, name);
  if (text == nullptr) return Unusable(absl::StrCat("no member ", name));
  return crypto::ParseBase64Url(*text);
}

// RFC 7517 sections 4.2 to 4.4: a key says what it may be used for, or nothing.
absl::Status CheckUse(const json& jwk, absl::string_view algorithm) {
  if (jwk.contains("use") && (FindText(jwk, "use") == nullptr || *FindText(jwk, "use") != "sig"))
    return Unusable("not for signatures");
  if (jwk.contains("alg") && (FindText(jwk, "alg") == nullptr || *FindText(jwk, "alg") != algorithm))
    return Unusable("for another algorithm");
  const auto operations = jwk.find("key_ops");
  if (operations == jwk.end()) return absl::OkStatus();
  if (!operations->is_array() || std::find(operations->begin(), operations->end(), "verify") == operations->end()) {
    return Unusable("not for verifying");
  }
  return absl::OkStatus();
}

absl::StatusOr<EvpKey> MakeKey(const char* type, OSSL_PARAM* parameters) {
  const OpenSslPtr<EVP_PKEY_CTX, EVP_PKEY_CTX_free> import(EVP_PKEY_CTX_new_from_name(nullptr, type, nullptr));
  EVP_PKEY* raw = nullptr;
  if (import == nullptr || EVP_PKEY_fromdata_init(import.get()) != 1 ||
      EVP_PKEY_fromdata(import.get(), &raw, EVP_PKEY_PUBLIC_KEY, parameters) != 1) {
    return Unusable("no key of its type");
  }
  EvpKey key(raw);
  const OpenSslPtr<EVP_PKEY_CTX, EVP_PKEY_CTX_free> check(EVP_PKEY_CTX_new_from_pkey(nullptr, key.get(), nullptr));
  if (check == nullptr || EVP_PKEY_public_check(check.get()) != 1) return Unusable("fails the check of its type");
  return key;
}

absl::StatusOr<EvpKey> EcKey(const json& jwk) {
  const std::string* curve = FindText(jwk, "crv");
  if (curve == nullptr || *curve != "P-256") return Unusable("another curve than P-256");
  ASSIGN_OR_RETURN(const std::string x, Member(jwk, "x"));
  ASSIGN_OR_RETURN(const std::string y, Member(jwk, "y"));
  if (x.size() != kP256Bytes || y.size() != kP256Bytes) return Unusable("coordinates of another length");
  std::string point = absl::StrCat("\x04", x, y);
  std::string group = "P-256";
  OSSL_PARAM parameters[] = {
      OSSL_PARAM_construct_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME, group.data(), 0),
      OSSL_PARAM_construct_octet_string(OSSL_PKEY_PARAM_PUB_KEY, point.data(), point.size()),
      OSSL_PARAM_construct_end(),
  };
  return MakeKey("EC", parameters);
}

// Keys from a once common chip are products of primes of a special form, and can be factored: then the modulus is a
// power of 65537 modulo each of these primes, which by chance happens once in 2^27 keys (Nemec et al., "The Return of
// Coppersmith's Attack", 2017).
bool IsRocaModulus(const BIGNUM* modulus) {
  static constexpr std::array<BN_ULONG, 17> kPrimes = {11, 13, 17,  19,  37,  53,  61,  71, 73,
                                                       79, 97, 103, 107, 109, 127, 151, 157};
  return std::all_of(kPrimes.begin(), kPrimes.end(), [&](BN_ULONG prime) {
    const BN_ULONG remainder = BN_mod_word(modulus, prime);
    BN_ULONG power = 1;
    for (BN_ULONG i = 0; i < prime; ++i) {
      if (power == remainder) return true;
      power = power * 65537 % prime;
    }
    return false;
  });
}

absl::StatusOr<EvpKey> RsaKey(const json& jwk) {
  ASSIGN_OR_RETURN(const std::string n, Member(jwk, "n"));
  ASSIGN_OR_RETURN(const std::string e, Member(jwk, "e"));
  if (n.size() > kMaxRsaBits / 8 || e.size() > sizeof(uint64_t)) return Unusable("too large");
  const Number modulus(BN_bin2bn(Bytes(n), static_cast<int>(n.size()), nullptr));
  const Number exponent(BN_bin2bn(Bytes(e), static_cast<int>(e.size()), nullptr));
  if (modulus == nullptr || exponent == nullptr || BN_num_bits(modulus.get()) < kMinRsaBits)
    return Unusable("fewer than 2048 bits");
  if (!BN_is_odd(exponent.get()) || BN_get_word(exponent.get()) < kMinExponent) return Unusable("a weak exponent");
  if (IsRocaModulus(modulus.get())) return Unusable("a modulus that can be factored");
  const OpenSslPtr<OSSL_PARAM_BLD, OSSL_PARAM_BLD_free> builder(OSSL_PARAM_BLD_new());
  if (builder == nullptr || OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_N, modulus.get()) != 1 ||
      OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_E, exponent.get()) != 1) {
    return Unusable("no RSA key");
  }
  const Parameters parameters(OSSL_PARAM_BLD_to_param(builder.get()));
  return MakeKey("RSA", parameters.get());
}

// The DER form that OpenSSL wants; nothing if the signature is not two numbers of 32 bytes.
std::optional<std::string> ToDer(absl::string_view raw) {
  if (raw.size() != 2 * kP256Bytes) return std::nullopt;
  Number r(BN_bin2bn(Bytes(raw), kP256Bytes, nullptr));
  Number s(BN_bin2bn(Bytes(raw) + kP256Bytes, kP256Bytes, nullptr));
  const OpenSslPtr<ECDSA_SIG, ECDSA_SIG_free> signature(ECDSA_SIG_new());
  if (r == nullptr || s == nullptr || signature == nullptr || BN_is_zero(r.get()) || BN_is_zero(s.get()))
    return std::nullopt;
  if (ECDSA_SIG_set0(signature.get(), r.release(), s.release()) != 1) return std::nullopt;
  unsigned char* der = nullptr;
  const int size = i2d_ECDSA_SIG(signature.get(), &der);
  if (size <= 0) return std::nullopt;
  std::string bytes(reinterpret_cast<char*>(der), static_cast<size_t>(size));
  OPENSSL_free(der);
  return bytes;
}

}  // namespace

absl::StatusOr<std::shared_ptr<const PublicKey>> PublicKey::FromJwk(const json& jwk) {
  const std::string* type = FindText(jwk, "kty");
  if (type == nullptr || (*type != "EC" && *type != "RSA")) return Unusable("neither EC nor RSA");
  const std::string algorithm = *type == "EC" ? "ES256" : "RS256";
  RETURN_IF_ERROR(CheckUse(jwk, algorithm));
  ASSIGN_OR_RETURN(EvpKey key, *type == "EC" ? EcKey(jwk) : RsaKey(jwk));
  return std::shared_ptr<const PublicKey>(new PublicKey(algorithm, std::move(key)));
}

bool PublicKey::Verify(absl::string_view signed_text, absl::string_view signature) const {
  std::string der;
  if (algorithm_ == "ES256") {
    std::optional<std::string> converted = ToDer(signature);
    if (!converted.has_value()) return false;
    der = *std::move(converted);
    signature = der;
  }
  const OpenSslPtr<EVP_MD_CTX, EVP_MD_CTX_free> context(EVP_MD_CTX_new());
  return context != nullptr &&
         EVP_DigestVerifyInit_ex(context.get(), nullptr, "SHA256", nullptr, nullptr, key_.get(), nullptr) == 1 &&
         EVP_DigestVerify(context.get(), Bytes(signature), signature.size(), Bytes(signed_text), signed_text.size()) ==
             1;
}

}  // namespace masthead::auth
