#include "services/notifications/webhooks/webhook_announcements.h"

#include <string>
#include <utility>

#include "common/db/now.h"
#include "common/events/announcement.h"
#include "masthead/notifications/v1/events.pb.h"

namespace masthead::notifications::webhooks {

void AnnounceWebhook(db::Transaction& tx, events::Feed& feed, const WebhookEndpoint& endpoint, bool removed) {
  const std::string name = WebhookEndpointName(endpoint.id);
  v1::Event event;
  v1::WebhookChanged& changed = *event.mutable_webhook_changed();
  changed.set_webhook_endpoint(name);
  if (!removed) {
    changed.set_state(endpoint.breaker.state);
    changed.set_disabled_reason(endpoint.breaker.disabled_reason);
  }
  events::Announce(tx, feed,
                   {.type = "webhook.changed",
                    .resource = name,
                    .revision = endpoint.revision + (removed ? 1 : 0),
                    .time = db::Now(tx)},
                   std::move(event));
}

}  // namespace masthead::notifications::webhooks
