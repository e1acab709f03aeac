#include "services/notifications/following/announcements.h"

#include <utility>

#include "common/db/now.h"
#include "common/events/announcement.h"
#include "masthead/notifications/v1/events.pb.h"

namespace masthead::notifications {

void AnnounceTopic(db::Transaction& tx, events::Feed& feed, const Topic& topic) {
  v1::Event event;
  event.mutable_topic_changed()->set_topic(TopicName(topic.id));
  event.mutable_topic_changed()->set_deleted(topic.delete_time.has_value());
  events::Announce(
      tx, feed,
      {.type = "topic.changed", .resource = TopicName(topic.id), .revision = topic.revision, .time = db::Now(tx)},
      std::move(event));
}

void AnnounceSubscription(db::Transaction& tx, events::Feed& feed, const Subscription& subscription) {
  v1::Event event;
  v1::SubscriptionChanged& changed = *event.mutable_subscription_changed();
  changed.set_recipient(RecipientName(subscription.recipient_id));
  if (!subscription.anonymous) changed.set_member(MemberName(subscription.recipient_id));
  changed.set_topic(TopicName(subscription.topic_id));
  v1::Subscription::State state = v1::Subscription::STATE_UNSPECIFIED;
  v1::Subscription::State_Parse(subscription.state, &state);
  changed.set_state(state);
  v1::Subscription::Source source = v1::Subscription::SOURCE_UNSPECIFIED;
  v1::Subscription::Source_Parse(subscription.source, &source);
  changed.set_source(source);
  events::Announce(tx, feed,
                   {.type = "subscription.changed",
                    .resource = SubscriptionName(subscription),
                    .revision = subscription.revision,
                    .time = db::Now(tx)},
                   std::move(event));
}

}  // namespace masthead::notifications
