#include "services/notifications/messages/announcements.h"

#include <string>
#include <utility>

#include "common/db/now.h"
#include "common/events/announcement.h"
#include "masthead/notifications/v1/events.pb.h"
#include "services/notifications/following/topic.h"
#include "services/notifications/messages/message_proto.h"

namespace masthead::notifications {

void AnnounceMessageCreated(db::Transaction& tx, events::Feed& feed, const Message& message) {
  v1::Event event;
  v1::MessageCreated& created = *event.mutable_message_created();
  created.set_message(MessageName(message.id));
  created.set_article(message.alert.article);
  for (const std::string& topic : message.topics) created.add_topics(TopicName(topic));
  events::Announce(tx, feed,
                   {.type = "message.created", .resource = MessageName(message.id), .revision = 1, .time = db::Now(tx)},
                   std::move(event));
}

void AnnounceMessageEnded(db::Transaction& tx, events::Feed& feed, const Message& message) {
  if (IsTransactional(message)) return;
  v1::Event event;
  event.mutable_message_ended()->set_message(MessageName(message.id));
  event.mutable_message_ended()->set_state(MessageStateToProto(message.state));
  events::Announce(
      tx, feed,
      {.type = "message.ended", .resource = MessageName(message.id), .revision = message.revision, .time = db::Now(tx)},
      std::move(event));
}

void AnnounceMessagePaused(db::Transaction& tx, events::Feed& feed, const Message& message) {
  v1::Event event;
  v1::MessagePaused& paused = *event.mutable_message_paused();
  paused.set_message(MessageName(message.id));
  paused.set_paused(message.state == "PAUSED");
  paused.set_cause(message.failure);
  events::Announce(tx, feed,
                   {.type = "message.paused",
                    .resource = MessageName(message.id),
                    .revision = message.revision,
                    .time = db::Now(tx)},
                   std::move(event));
}

}  // namespace masthead::notifications
