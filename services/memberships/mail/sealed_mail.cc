#include "services/memberships/mail/sealed_mail.h"

#include <map>

#include "common/base/status_macros.h"
#include "nlohmann/json.hpp"

namespace masthead::memberships {

std::string SealMail(const crypto::SealingKey& key, absl::string_view id, const OutgoingMail& mail) {
  const nlohmann::json secrets = {{"address", mail.address}, {"values", mail.values}};
  return key.Seal(secrets.dump(), id);
}

absl::Status OpenMail(const crypto::SealingKey& key, absl::string_view id, absl::string_view sealed,
                      OutgoingMail& mail) {
  ASSIGN_OR_RETURN(const std::string text, key.Open(sealed, id));
  const nlohmann::json secrets = nlohmann::json::parse(text);
  mail.address = secrets.at("address").get<std::string>();
  mail.values = secrets.at("values").get<std::map<std::string, std::string>>();
  return absl::OkStatus();
}

}  // namespace masthead::memberships
