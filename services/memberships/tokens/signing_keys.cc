#include "services/memberships/tokens/signing_keys.h"

#include <utility>

#include "common/base/status_macros.h"
#include "common/config/config.h"

namespace masthead::memberships {

SigningKeys::SigningKeys(std::vector<std::unique_ptr<auth::SigningKey>> keys) : keys_(std::move(keys)) {
  std::vector<const auth::SigningKey*> published;
  for (const auto& key : keys_) published.push_back(key.get());
  key_set_json_ = auth::MakeKeySetJson(published);
}

absl::StatusOr<std::unique_ptr<SigningKeys>> SigningKeys::FromPem(const std::string& current,
                                                                  const std::vector<std::string>& others) {
  std::vector<std::unique_ptr<auth::SigningKey>> keys;
  ASSIGN_OR_RETURN(std::unique_ptr<auth::SigningKey> signs, auth::SigningKey::FromPem(current));
  keys.push_back(std::move(signs));
  for (const std::string& pem : others) {
    ASSIGN_OR_RETURN(std::unique_ptr<auth::SigningKey> key, auth::SigningKey::FromPem(pem));
    keys.push_back(std::move(key));
  }
  return std::unique_ptr<SigningKeys>(new SigningKeys(std::move(keys)));
}

absl::StatusOr<std::unique_ptr<SigningKeys>> SigningKeys::FromFiles(const std::string& current,
                                                                    const std::vector<std::string>& others) {
  ASSIGN_OR_RETURN(const std::string current_pem, config::ReadSecretFile(current));
  std::vector<std::string> other_pems;
  for (const std::string& path : others) {
    ASSIGN_OR_RETURN(std::string pem, config::ReadSecretFile(path));
    other_pems.push_back(std::move(pem));
  }
  return FromPem(current_pem, other_pems);
}

}  // namespace masthead::memberships
