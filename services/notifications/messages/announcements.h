// What notifications tells the other services of its messages.
#pragma once

#include "common/db/database.h"
#include "common/events/feed.h"
#include "services/notifications/messages/message.h"

namespace masthead::notifications {

void AnnounceMessageCreated(db::Transaction& tx, events::Feed& feed, const Message& message);
// After the message was finished, cancelled or failed. Of transactional letters nobody is told.
void AnnounceMessageEnded(db::Transaction& tx, events::Feed& feed, const Message& message);
// After the message was held, or let go on.
void AnnounceMessagePaused(db::Transaction& tx, events::Feed& feed, const Message& message);

}  // namespace masthead::notifications
