// What notifications tells the other services of topics and of what recipients chose.
#pragma once

#include "common/db/database.h"
#include "common/events/feed.h"
#include "services/notifications/following/topic.h"

namespace masthead::notifications {

void AnnounceTopic(db::Transaction& tx, events::Feed& feed, const Topic& topic);
void AnnounceSubscription(db::Transaction& tx, events::Feed& feed, const Subscription& subscription);

}  // namespace masthead::notifications
