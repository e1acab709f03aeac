#include "services/notifications/messages/message_proto.h"

#include "absl/strings/str_cat.h"
#include "common/resource/timestamp.h"
#include "services/notifications/following/topic.h"

namespace masthead::notifications {
namespace {

v1::Message::Alert ToProto(const AlertText& text) {
  v1::Message::Alert alert;
  alert.set_article(text.article);
  alert.set_headline(text.headline);
  alert.set_dek(text.dek);
  alert.set_byline(text.byline);
  alert.set_url(text.url);
  alert.set_contact_address(text.contact_address);
  alert.set_language_code(text.language_code);
  return alert;
}

void SourceToProto(const Message& message, v1::Message& proto) {
  if (message.source == "ALERT") {
    *proto.mutable_alert() = ToProto(message.alert);
  } else if (message.source == "CAMPAIGN") {
    proto.mutable_campaign()->set_campaign(absl::StrCat("campaigns/", message.campaign));
    proto.mutable_campaign()->set_headline(message.alert.headline);
  } else if (message.source == "DIGEST") {
    *proto.mutable_digest()->mutable_due_time() = resource::ToTimestamp(message.digest_time);
  } else if (message.source == "NOTICE") {
    v1::Message::Notice& notice = *proto.mutable_notice();
    notice.set_article(message.alert.article);
    notice.set_kind(message.template_id == kRetractionTemplate ? v1::Message::Notice::RETRACTION
                                                               : v1::Message::Notice::CORRECTION);
    notice.set_headline(message.alert.headline);
    const auto text = message.values.find(kCorrectionValue);
    if (text != message.values.end()) notice.set_text(text->second);
  }
}

}  // namespace

v1::Message::Counts ToProto(const MessageCounts& counts) {
  v1::Message::Counts proto;
  proto.set_candidates(counts.candidates);
  proto.set_deliveries(counts.deliveries);
  proto.set_exclusions(counts.exclusions);
  proto.set_pending(counts.pending());
  proto.set_sent(counts.sent);
  proto.set_failed(counts.failed);
  proto.set_expired(counts.expired);
  proto.set_cancelled(counts.cancelled);
  proto.set_uncertain(counts.uncertain);
  proto.set_delivered(counts.delivered);
  proto.set_bounced(counts.bounced);
  proto.set_complained(counts.complained);
  return proto;
}

v1::Message::State MessageStateToProto(const std::string& state) {
  v1::Message::State proto = v1::Message::STATE_UNSPECIFIED;
  v1::Message::State_Parse(state, &proto);
  return proto;
}

v1::Channel ChannelToProto(Channels channel) {
  v1::Channel proto = v1::CHANNEL_UNSPECIFIED;
  v1::Channel_Parse(std::string(ChannelName(channel)), &proto);
  return proto;
}

v1::Message ToProto(const Message& message) {
  v1::Message proto;
  proto.set_name(MessageName(message.id));
  SourceToProto(message, proto);
  for (const std::string& topic : message.topics) proto.add_topics(TopicName(topic));
  proto.set_template_(absl::StrCat("templates/", message.template_id, "@", message.template_revision));
  v1::Message::Lane lane = v1::Message::LANE_UNSPECIFIED;
  v1::Message::Lane_Parse(message.lane, &lane);
  proto.set_lane(lane);
  v1::Message::DuplicatePolicy policy = v1::Message::DUPLICATE_POLICY_UNSPECIFIED;
  v1::Message::DuplicatePolicy_Parse(message.duplicate_policy, &policy);
  proto.set_duplicate_policy(policy);
  proto.set_state(MessageStateToProto(message.state));
  *proto.mutable_counts() = ToProto(message.counts);
  *proto.mutable_create_time() = resource::ToTimestamp(message.create_time);
  *proto.mutable_expire_time() = resource::ToTimestamp(message.expire_time);
  if (message.prepare_time) *proto.mutable_prepare_time() = resource::ToTimestamp(*message.prepare_time);
  if (message.finish_time) *proto.mutable_finish_time() = resource::ToTimestamp(*message.finish_time);
  proto.set_dedupe_key(message.dedupe_key);
  proto.set_failure(message.failure);
  for (const Channels channel : Each(message.channels)) proto.add_channels(ChannelToProto(channel));
  return proto;
}

}  // namespace masthead::notifications
