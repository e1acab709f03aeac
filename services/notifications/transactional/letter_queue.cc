#include "services/notifications/transactional/letter_queue.h"

#include "common/db/now.h"
#include "common/ids/uuid.h"
#include "services/notifications/messages/message_store.h"

namespace masthead::notifications {

Message QueueLetter(db::Transaction& tx, const crypto::SealingKey& letters_key, const QueuedLetter& letter) {
  Message message;
  message.create_time = db::Now(tx);
  message.id = ids::NewUuid(message.create_time);
  message.dedupe_key = letter.dedupe_key;
  message.state = "SENDING";
  message.lane = kCriticalLane;
  message.duplicate_policy = "AT_LEAST_ONCE";
  message.template_id = letter.template_id;
  message.template_revision = letter.template_revision;
  message.expire_time = letter.expire_time;
  if (InsertLetterMessage(tx, message, letter.to.recipient_number, letter.to.endpoint_number)) {
    InsertLetter(tx, message.number,
                 {.to_address = letter.to.endpoint_number == 0,
                  .locale = letter.locale,
                  .sealed = SealLetter(letters_key, message.id, letter.secrets)});
  }
  return LoadMessageByDedupeKey(tx, letter.dedupe_key).value();
}

}  // namespace masthead::notifications
