#include "services/memberships/tokens/signing_keys.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "common/config/config.h"

namespace masthead::memberships {

absl::StatusOr<std::unique_ptr<SigningKeys>> SigningKeys::FromPem(const std::string& signing,
                                                                  const std::vector<std::string>& published) {
  ASSIGN_OR_RETURN(std::unique_ptr<auth::SigningKey> key, auth::SigningKey::FromPem(signing));
  std::vector<std::string> jwks = {key->public_jwk_json()};
  for (const std::string& pem : published) {
    ASSIGN_OR_RETURN(std::string jwk, auth::PublicJwkJson(pem));
    // Verifiers refuse a set with one key twice.
    if (std::find(jwks.begin(), jwks.end(), jwk) == jwks.end()) jwks.push_back(std::move(jwk));
  }
  return std::unique_ptr<SigningKeys>(new SigningKeys(std::move(key), auth::MakeKeySetJson(jwks)));
}

absl::StatusOr<std::unique_ptr<SigningKeys>> SigningKeys::FromFiles(const std::string& signing,
                                                                    const std::vector<std::string>& published) {
  ASSIGN_OR_RETURN(const std::string signing_pem, config::ReadSecretFile(signing));
  std::vector<std::string> published_pems;
  for (const std::string& path : published) {
    ASSIGN_OR_RETURN(const std::string pem, config::ReadPublicFile(path));
    const absl::Status usable = auth::PublicJwkJson(pem).status();
    if (!usable.ok()) return absl::InvalidArgumentError(absl::StrCat(path, ": ", usable.message()));
    published_pems.push_back(pem);
  }
  return FromPem(signing_pem, published_pems);
}

}  // namespace masthead::memberships
