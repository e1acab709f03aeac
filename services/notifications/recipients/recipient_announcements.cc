#include "services/notifications/recipients/recipient_announcements.h"

#include <utility>

#include "common/db/now.h"
#include "common/events/announcement.h"
#include "masthead/notifications/v1/events.pb.h"
#include "services/notifications/sending/delivery.h"

namespace masthead::notifications {

void AnnounceEndpoint(db::Transaction& tx, events::Feed& feed, const Recipient& recipient, const Endpoint& endpoint,
                      bool removed) {
  const std::string name = EndpointName(recipient.id, endpoint.id);
  v1::Event event;
  v1::EndpointChanged& changed = *event.mutable_endpoint_changed();
  changed.set_endpoint(name);
  v1::Channel channel = v1::CHANNEL_UNSPECIFIED;
  v1::Channel_Parse(std::string(ChannelName(endpoint.channel)), &channel);
  changed.set_channel(channel);
  if (!removed) changed.set_state(endpoint.state);
  events::Announce(tx, feed,
                   {.type = "endpoint.changed",
                    .resource = name,
                    .revision = endpoint.revision + (removed ? 1 : 0),
                    .time = db::Now(tx)},
                   std::move(event));
}

void AnnounceErasure(db::Transaction& tx, events::Feed& feed, const Recipient& recipient) {
  v1::Event event;
  event.mutable_recipient_erased()->set_recipient(RecipientName(recipient.id));
  events::Announce(tx, feed,
                   {.type = "recipient.erased",
                    .resource = RecipientName(recipient.id),
                    .revision = recipient.revision + 1,
                    .time = db::Now(tx)},
                   std::move(event));
}

}  // namespace masthead::notifications
