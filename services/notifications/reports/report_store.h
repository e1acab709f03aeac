// Reports in Postgres. They read what is counted as deliveries change, never the deliveries.
#pragma once

#include <cstdint>

#include "absl/time/time.h"
#include "common/db/database.h"
#include "services/notifications/messages/message.h"
#include "services/notifications/reports/report.h"

namespace masthead::notifications {

// `message` was loaded by the same `tx`, for its counts.
MessageReport LoadMessageReport(db::Transaction& tx, const Message& message);

// Of messages made from `start_time` up to, and without, `end_time`; transactional letters are none of them.
TopicReport LoadTopicReport(db::Transaction& tx, int64_t topic_number, absl::Time start_time, absl::Time end_time);

}  // namespace masthead::notifications
