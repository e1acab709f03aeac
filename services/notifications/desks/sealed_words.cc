#include "services/notifications/desks/sealed_words.h"

#include "common/base/status_macros.h"
#include "nlohmann/json.hpp"

namespace masthead::notifications {

std::string SealWords(const crypto::SealingKey& key, absl::string_view letter_id, const DeskLetterWords& words) {
  const nlohmann::json json = {
      {"name", words.sender_name}, {"address", words.sender_address}, {"subject", words.subject}, {"text", words.text}};
  return key.Seal(json.dump(), DeskLetterName(letter_id));
}

absl::StatusOr<DeskLetterWords> OpenWords(const crypto::SealingKey& key, absl::string_view letter_id,
                                          absl::string_view sealed) {
  ASSIGN_OR_RETURN(const std::string text, key.Open(sealed, DeskLetterName(letter_id)));
  const nlohmann::json json = nlohmann::json::parse(text);
  return DeskLetterWords{.sender_name = json.at("name").get<std::string>(),
                         .sender_address = json.at("address").get<std::string>(),
                         .subject = json.at("subject").get<std::string>(),
                         .text = json.at("text").get<std::string>()};
}

}  // namespace masthead::notifications
