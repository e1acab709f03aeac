#include "services/notifications/sending/delivery_proto.h"

#include "common/resource/timestamp.h"
#include "services/notifications/following/topic.h"
#include "services/notifications/mail/message_id.h"
#include "services/notifications/messages/message.h"
#include "services/notifications/messages/message_proto.h"

namespace masthead::notifications {
v1::Delivery ToProto(const Delivery& delivery, absl::string_view domain) {
  v1::Delivery proto;
  const std::string endpoint = EndpointName(delivery.recipient_id, delivery.endpoint_id);
  proto.set_name(DeliveryName(delivery.message_id, delivery.seq));
  if (!delivery.recipient_id.empty()) {
    proto.set_recipient(RecipientName(delivery.recipient_id));
    proto.set_endpoint(endpoint);
  }
  if (!delivery.topic_id.empty()) proto.set_topic(TopicName(delivery.topic_id));
  v1::Delivery::State state = v1::Delivery::STATE_UNSPECIFIED;
  v1::Delivery::State_Parse(delivery.state, &state);
  proto.set_state(state);
  v1::Delivery::Reason reason = v1::Delivery::REASON_UNSPECIFIED;
  v1::Delivery::Reason_Parse(delivery.reason, &reason);
  proto.set_reason(reason);
  proto.set_attempt_count(delivery.attempts);
  for (const Delivery::Attempt& attempt : delivery.log) {
    v1::Delivery::Attempt& logged = *proto.add_attempts();
    *logged.mutable_time() = resource::ToTimestamp(attempt.time);
    logged.set_smtp_code(attempt.smtp_code);
    logged.set_enhanced_code(attempt.enhanced_code);
    logged.set_text(attempt.text);
  }
  proto.set_message_id(mail::MessageId(MessageName(delivery.message_id), endpoint, domain));
  proto.set_channel(ChannelToProto(delivery.channel));
  proto.set_variant(delivery.variant);
  if (delivery.retry_time) *proto.mutable_retry_time() = resource::ToTimestamp(*delivery.retry_time);
  if (delivery.finish_time) *proto.mutable_finish_time() = resource::ToTimestamp(*delivery.finish_time);
  return proto;
}

v1::Exclusion ToProto(const Exclusion& exclusion) {
  v1::Exclusion proto;
  proto.set_name(ExclusionName(exclusion.message_id, exclusion.seq));
  proto.set_recipient(RecipientName(exclusion.recipient_id));
  v1::Exclusion::Reason reason = v1::Exclusion::REASON_UNSPECIFIED;
  v1::Exclusion::Reason_Parse(exclusion.reason, &reason);
  proto.set_reason(reason);
  return proto;
}

}  // namespace masthead::notifications
