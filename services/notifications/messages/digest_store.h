// What waits for recipients' digests, in Postgres. Whoever follows a topic by digest is excluded from its alerts as
// DIGESTED; the same transaction puts the alert's story down for their next digest.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "common/db/database.h"
#include "services/notifications/messages/message.h"

namespace masthead::notifications {

// Puts the story of `message_number` down for those whom the slice after `after_seq` excluded as DIGESTED, each for
// their next digest by the topic of `topics` that comes first. Who did not say where they live lives in
// `newsroom_zone`.
void CollectForDigests(db::Transaction& tx, int64_t message_number, int64_t after_seq,
                       const std::vector<int64_t>& topics, absl::TimeZone newsroom_zone);

// Takes the first digest that is due for `grace`, so that nobody adds to it any more; none if none is.
std::optional<absl::Time> TakeDueDigest(db::Transaction& tx, absl::Duration grace);

// The IDs of the topics that bring its stories.
std::vector<std::string> LoadTopicsOfDigest(db::Transaction& tx, absl::Time due_time);

// The stories of a recipient's delivery of a digest, the newest first, at most 50.
std::vector<AlertText> LoadStories(db::Transaction& tx, int64_t digest_message_number, int64_t recipient_number);

// Takes the stories of these messages out of the digests that have not been made yet.
void RemoveFromDigests(db::Transaction& tx, const std::vector<int64_t>& message_numbers);

}  // namespace masthead::notifications
