// Recipients in Postgres, beyond what following reads of them: anonymous ones, lists, and erasing.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "common/db/database.h"
#include "services/notifications/following/topic.h"

namespace masthead::notifications {

// An anonymous one. Sets number and times.
void InsertRecipient(db::Transaction& tx, Recipient& recipient);

// Stores locale and time zone, and increments the revision.
void SaveRecipient(db::Transaction& tx, Recipient& recipient);

// By age, after the one of this number.
std::vector<Recipient> LoadRecipients(db::Transaction& tx, int64_t after, bool anonymous_only, int limit);

// Erases what is held of them: endpoints, choices, consents, preferences and what they were told. Their addresses stay
// as hashes, suppressed as ERASED; deliveries stay on record.
void EraseRecipients(db::Transaction& tx, const std::vector<std::string>& ids);

// A delivery, as far as its recipient is concerned.
struct RecipientDelivery {
  std::string message_id;
  std::string state;
  absl::Time message_time;
};

// Of the newest `messages` messages, the newest first.
std::vector<RecipientDelivery> LoadDeliveriesOf(db::Transaction& tx, int64_t recipient_number, int messages);

}  // namespace masthead::notifications
