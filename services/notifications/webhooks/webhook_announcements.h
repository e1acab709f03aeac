// Telling of webhook endpoints that change.
#pragma once

#include "common/db/database.h"
#include "common/events/feed.h"
#include "services/notifications/webhooks/webhook.h"

namespace masthead::notifications::webhooks {

// After the endpoint was saved; `tx` has locked or inserted it.
void AnnounceWebhook(db::Transaction& tx, events::Feed& feed, const WebhookEndpoint& endpoint, bool removed = false);

}  // namespace masthead::notifications::webhooks
