// The events of this service: what is told to the others, in the transaction of what happened.
#pragma once

#include "common/db/database.h"
#include "common/events/feed.h"
#include "services/notifications/following/topic.h"
#include "services/notifications/messages/message.h"

namespace masthead::notifications {

void AnnounceTopic(db::Transaction& tx, events::Feed& feed, const Topic& topic);
void AnnounceMessageCreated(db::Transaction& tx, events::Feed& feed, const Message& message);
// After the message was finished, cancelled or failed.
void AnnounceMessageEnded(db::Transaction& tx, events::Feed& feed, const Message& message);
void AnnounceSubscription(db::Transaction& tx, events::Feed& feed, const Subscription& subscription);

}  // namespace masthead::notifications
