// Messages in Postgres.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "common/db/database.h"
#include "services/notifications/following/topic.h"
#include "services/notifications/messages/message.h"

namespace masthead::notifications {

// Makes a SENDING message with one delivery that is due at once; false if its dedupe key is used. Sets number.
// `recipient_number` and `endpoint_number` are 0 for an address that is nobody's.
bool InsertLetterMessage(db::Transaction& tx, Message& message, int64_t recipient_number, int64_t endpoint_number);

// Makes a message and its fan-out, which begins at `start_time`; false if its dedupe key is used. Sets number.
bool InsertMessage(db::Transaction& tx, Message& message, absl::Span<const Topic> topics,
                   absl::Time start_time = absl::InfinitePast());

// With counts, which are those of the moment.
std::optional<Message> LoadMessage(db::Transaction& tx, absl::string_view id);
std::optional<Message> LoadMessageByDedupeKey(db::Transaction& tx, absl::string_view dedupe_key);

// Newest first, without transactional letters, older than the message numbered `before` if that is not 0; `article` may
// be empty.
std::vector<Message> LoadMessages(db::Transaction& tx, int64_t before, absl::string_view article, int limit);

// Those that campaigns with these IDs have made, the oldest first.
std::vector<Message> LoadMessagesOfCampaigns(db::Transaction& tx, const std::vector<std::string>& campaigns);

// Those that told of an article, by whatever way but a notice; the oldest first.
std::vector<Message> LoadMessagesThatTold(db::Transaction& tx, absl::string_view article);

// Locks what stands for the message's progress; nobody else ends it until `tx` ends.
std::optional<Message> LockMessage(db::Transaction& tx, absl::string_view id);

// Ends the fan-out of a message that `tx` has locked and makes it CANCELLED. Its chunks become due, so that senders
// call off what is in them.
void CancelMessage(db::Transaction& tx, const Message& message);

// Holds a message that `tx` has locked and that has not ended, for the reason that `cause` gives. Nothing of it is
// leased any more; windows that are on their way end as they end.
void PauseMessage(db::Transaction& tx, const Message& message, absl::string_view cause);

// Lets a PAUSED message, which `tx` has locked, go on. Returns its ID if nothing was left to send, which ended it.
std::optional<std::string> ResumeMessage(db::Transaction& tx, const Message& message);

// Makes a FINISHED message, which `tx` has locked, SENDING again: some of its deliveries are to be sent after all.
void ReopenMessage(db::Transaction& tx, const Message& message);

// Makes a SENDING message FINISHED if nothing is left to send. Returns its ID if that ended it.
std::optional<std::string> FinishMessage(db::Transaction& tx, int64_t number);

}  // namespace masthead::notifications
