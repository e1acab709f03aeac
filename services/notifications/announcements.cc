#include "services/notifications/announcements.h"

#include <string>

#include "common/db/now.h"
#include "common/ids/uuid.h"
#include "common/resource/timestamp.h"
#include "common/telemetry/trace.h"
#include "masthead/notifications/v1/events.pb.h"
#include "services/notifications/messages/message_proto.h"

namespace masthead::notifications {
namespace {

// Completes what is the same in every event, and appends it.
void Append(db::Transaction& tx, events::Feed& feed, const char* type, const std::string& resource, int64_t revision,
            v1::Event event) {
  const telemetry::TraceContext& trace = telemetry::CurrentTrace();
  event.set_event_id(ids::NewUuid());
  event.set_type(type);
  event.set_resource(resource);
  event.set_revision(revision);
  if (!trace.trace_id.empty()) event.set_traceparent(trace.ToTraceparent());
  const absl::Time now = db::Now(tx);
  *event.mutable_event_time() = resource::ToTimestamp(now);
  feed.Append(tx, {.event_id = event.event_id(),
                   .type = type,
                   .resource = resource,
                   .revision = revision,
                   .time = now,
                   .traceparent = event.traceparent(),
                   .payload = event.SerializeAsString(),
                   .cursor = ""});
}

}  // namespace

void AnnounceTopic(db::Transaction& tx, events::Feed& feed, const Topic& topic) {
  v1::Event event;
  event.mutable_topic_changed()->set_topic(TopicName(topic.id));
  event.mutable_topic_changed()->set_deleted(topic.delete_time.has_value());
  Append(tx, feed, "topic.changed", TopicName(topic.id), topic.revision, std::move(event));
}

void AnnounceMessageCreated(db::Transaction& tx, events::Feed& feed, const Message& message) {
  v1::Event event;
  v1::MessageCreated& created = *event.mutable_message_created();
  created.set_message(MessageName(message.id));
  created.set_article(message.alert.article);
  for (const std::string& topic : message.topics) created.add_topics(TopicName(topic));
  Append(tx, feed, "message.created", MessageName(message.id), 1, std::move(event));
}

void AnnounceMessageEnded(db::Transaction& tx, events::Feed& feed, const Message& message) {
  v1::Event event;
  event.mutable_message_ended()->set_message(MessageName(message.id));
  event.mutable_message_ended()->set_state(MessageStateToProto(message.state));
  Append(tx, feed, "message.ended", MessageName(message.id), message.revision, std::move(event));
}

void AnnounceSubscription(db::Transaction& tx, events::Feed& feed, const Subscription& subscription) {
  v1::Event event;
  v1::SubscriptionChanged& changed = *event.mutable_subscription_changed();
  changed.set_recipient(RecipientName(subscription.recipient_id));
  changed.set_member(MemberName(subscription.recipient_id));
  changed.set_topic(TopicName(subscription.topic_id));
  v1::Subscription::State state = v1::Subscription::STATE_UNSPECIFIED;
  v1::Subscription::State_Parse(subscription.state, &state);
  changed.set_state(state);
  v1::Subscription::Source source = v1::Subscription::SOURCE_UNSPECIFIED;
  v1::Subscription::Source_Parse(subscription.source, &source);
  changed.set_source(source);
  Append(tx, feed, "subscription.changed", SubscriptionName(subscription), subscription.revision, std::move(event));
}

}  // namespace masthead::notifications
