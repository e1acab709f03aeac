// What a transactional letter says, as it is stored: a sign-in link in the database would be a key under the doormat.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/crypto/seal.h"
#include "services/notifications/templates/template.h"

namespace masthead::notifications {

struct LetterSecrets {
  std::string mailbox;        // Empty if it goes to a recipient's endpoint.
  std::string reply_to = {};  // Who is to be answered, if that is not the newsroom.
  Values values;
};

std::string SealLetter(const crypto::SealingKey& key, absl::string_view message_id, const LetterSecrets& secrets);

// DATA_LOSS if it was not sealed with this key for this message.
absl::StatusOr<LetterSecrets> OpenLetter(const crypto::SealingKey& key, absl::string_view message_id,
                                         absl::string_view sealed);

}  // namespace masthead::notifications
