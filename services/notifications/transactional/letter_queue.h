// The way of a letter into the transactional lane: a message with one delivery, and what it says, sealed.
#pragma once

#include <string>

#include "common/crypto/seal.h"
#include "common/db/database.h"
#include "services/notifications/messages/message.h"
#include "services/notifications/transactional/letter_store.h"
#include "services/notifications/transactional/sealed_letter.h"

namespace masthead::notifications {

struct QueuedLetter {
  std::string template_id;
  int template_revision = 0;
  std::string dedupe_key;  // A letter of the same key is not queued again.
  std::string locale;      // The recipient's if empty.
  absl::Time expire_time;
  MemberEndpoint to;  // Zeros if it goes to the mailbox in `secrets`.
  LetterSecrets secrets;
};

// The message; of the same key the one that is there already.
Message QueueLetter(db::Transaction& tx, const crypto::SealingKey& letters_key, const QueuedLetter& letter);

}  // namespace masthead::notifications
