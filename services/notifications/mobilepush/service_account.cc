#include "services/notifications/mobilepush/service_account.h"

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/crypto/mac.h"
#include "nlohmann/json.hpp"
#include "openssl/err.h"
#include "openssl/pem.h"

namespace masthead::notifications::mobilepush {
namespace {

constexpr absl::Duration kLifetime = absl::Hours(1);  // Google takes no longer ones.

// Never asks anybody for a passphrase.
int NoPassphrase(char* /*buffer*/, int /*size*/, int /*writing*/, void* /*nothing*/) { return 0; }

std::shared_ptr<EVP_PKEY> KeyFromPem(const std::string& pem) {
  const crypto::OpenSslPtr<BIO, BIO_free_all> bytes(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  std::shared_ptr<EVP_PKEY> key(PEM_read_bio_PrivateKey(bytes.get(), nullptr, NoPassphrase, nullptr), EVP_PKEY_free);
  ERR_clear_error();
  return key != nullptr && EVP_PKEY_base_id(key.get()) == EVP_PKEY_RSA ? key : nullptr;
}

std::string TextOf(const nlohmann::json& json, const char* name) {
  const auto found = json.find(name);
  return found != json.end() && found->is_string() ? found->get<std::string>() : "";
}

absl::StatusOr<std::string> SignRs256(EVP_PKEY* key, absl::string_view data) {
  const crypto::OpenSslPtr<EVP_MD_CTX, EVP_MD_CTX_free> context(EVP_MD_CTX_new());
  size_t size = static_cast<size_t>(EVP_PKEY_size(key));
  std::string signature(size, '\0');
  if (EVP_DigestSignInit(context.get(), nullptr, EVP_sha256(), nullptr, key) != 1 ||
      EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(signature.data()), &size,
                     reinterpret_cast<const unsigned char*>(data.data()), data.size()) != 1) {
    ERR_clear_error();
    return absl::InternalError("OpenSSL did not sign");
  }
  signature.resize(size);
  return signature;
}

}  // namespace

absl::StatusOr<ServiceAccount> ServiceAccount::FromJson(absl::string_view text) {
  const nlohmann::json json = nlohmann::json::parse(text.begin(), text.end(), nullptr, /*allow_exceptions=*/false);
  if (!json.is_object()) return absl::InvalidArgumentError("a service account's file is a JSON object");
  ServiceAccount account;
  account.project_ = TextOf(json, "project_id");
  account.email_ = TextOf(json, "client_email");
  account.key_id_ = TextOf(json, "private_key_id");
  account.token_uri_ = TextOf(json, "token_uri");
  account.key_ = KeyFromPem(TextOf(json, "private_key"));
  if (account.project_.empty() || account.email_.empty() || !absl::StartsWith(account.token_uri_, "http")) {
    return absl::InvalidArgumentError("a service account's file has project_id, client_email and token_uri");
  }
  if (account.key_ == nullptr)
    return absl::InvalidArgumentError("a service account's private_key is an RSA key in PEM");
  return account;
}

absl::StatusOr<std::string> ServiceAccount::Assertion(absl::string_view scope, absl::Time now) const {
  const nlohmann::json header = {{"alg", "RS256"}, {"typ", "JWT"}, {"kid", key_id_}};
  const nlohmann::json claims = {{"iss", email_},
                                 {"scope", std::string(scope)},
                                 {"aud", token_uri_},
                                 {"iat", absl::ToUnixSeconds(now)},
                                 {"exp", absl::ToUnixSeconds(now + kLifetime)}};
  const std::string signed_part = absl::StrCat(crypto::Base64Url(header.dump()), ".", crypto::Base64Url(claims.dump()));
  absl::StatusOr<std::string> signature = SignRs256(key_.get(), signed_part);
  if (!signature.ok()) return signature.status();
  return absl::StrCat(signed_part, ".", crypto::Base64Url(*signature));
}

}  // namespace masthead::notifications::mobilepush
