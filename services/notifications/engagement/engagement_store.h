// Opens and clicks in Postgres: sums of each message, variant and link; and of each delivery only where its recipient
// chose that. What was chosen last holds for letters of before, too: NONE counts nothing, AGGREGATE sums alone. The
// database itself forgets a recipient's deliveries when that choice is taken back.
#pragma once

#include <cstdint>
#include <vector>

#include "common/db/database.h"
#include "services/notifications/engagement/engagement.h"

namespace masthead::notifications {

// Adds all of them, in a few statements however many they are.
void SaveEngagements(db::Transaction& tx, const std::vector<Engagement>& engagements);

// A recipient left a topic by a link: counts for the message that brought the topic to them last, if that was no longer
// ago than 30 days and among the 200 newest. The caller counts each departure once.
void CountUnsubscription(db::Transaction& tx, int64_t recipient_number, int64_t topic_number);

}  // namespace masthead::notifications
