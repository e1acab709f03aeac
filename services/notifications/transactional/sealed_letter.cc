#include "services/notifications/transactional/sealed_letter.h"

#include "common/base/status_macros.h"
#include "nlohmann/json.hpp"

namespace masthead::notifications {

std::string SealLetter(const crypto::SealingKey& key, absl::string_view message_id, const LetterSecrets& secrets) {
  const nlohmann::json letter = {
      {"mailbox", secrets.mailbox}, {"reply_to", secrets.reply_to}, {"values", secrets.values}};
  return key.Seal(letter.dump(), message_id);
}

absl::StatusOr<LetterSecrets> OpenLetter(const crypto::SealingKey& key, absl::string_view message_id,
                                         absl::string_view sealed) {
  ASSIGN_OR_RETURN(const std::string text, key.Open(sealed, message_id));
  const nlohmann::json letter = nlohmann::json::parse(text);
  return LetterSecrets{.mailbox = letter.at("mailbox").get<std::string>(),
                       .reply_to = letter.value("reply_to", ""),  // Letters of before have none.
                       .values = letter.at("values").get<Values>()};
}

}  // namespace masthead::notifications
