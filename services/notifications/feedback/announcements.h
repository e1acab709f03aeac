// What notifications tells the other services of deliveries that came back.
#pragma once

#include "common/db/database.h"
#include "common/events/feed.h"
#include "services/notifications/feedback/feedback.h"
#include "services/notifications/feedback/feedback_store.h"

namespace masthead::notifications {

// After `target`, as it was locked, became `after`. Of an arrival nobody is told.
void AnnounceFeedback(db::Transaction& tx, events::Feed& feed, const FeedbackTarget& target, const Feedback& feedback,
                      const DeliveryStanding& after);

}  // namespace masthead::notifications
