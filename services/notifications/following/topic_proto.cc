#include "services/notifications/following/topic_proto.h"

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "common/resource/etag.h"
#include "common/resource/name.h"
#include "common/resource/timestamp.h"
#include "common/text/text.h"

namespace masthead::notifications {
namespace {

constexpr int kMaxDisplayNames = 20;
constexpr int64_t kMaxDisplayName = 200;
constexpr size_t kMaxSourceResource = 200;
constexpr size_t kMaxLanguage = 35;

void ParseDisplayNames(const v1::Topic& proto, Topic& topic, FieldViolations& violations) {
  topic.display_names.clear();
  if (proto.display_names_size() > kMaxDisplayNames)
    violations.Add("topic.display_names", "must not have more than 20 entries");
  for (const auto& [language, value] : proto.display_names()) {
    std::string name = value;
    if (language.empty() || language.size() > kMaxLanguage || LanguageOf(language) != language) {
      violations.Add("topic.display_names", "must be keyed by languages in lower case, such as `uk`");
      continue;
    }
    text::CheckLine(absl::StrCat("topic.display_names[", language, "]"), name, kMaxDisplayName, /*required=*/true,
                    violations);
    topic.display_names[language] = name;
  }
}

void ParseSource(const v1::Topic& proto, Topic& topic, FieldViolations& violations) {
  if (!v1::Topic::Source_IsValid(proto.source())) violations.Add("topic.source", "must be a known source");
  topic.source =
      proto.source() == v1::Topic::SOURCE_UNSPECIFIED ? "NEWSLETTER" : v1::Topic::Source_Name(proto.source());
  topic.source_resource = proto.source_resource();
  const bool needs_resource = topic.source == "SECTION" || topic.source == "TAG" || topic.source == "AUTHOR";
  if (topic.source_resource.size() > kMaxSourceResource) {
    violations.Add("topic.source_resource", "must not be longer than 200 characters");
  } else if (needs_resource && !resource::ParseName(topic.source_resource, "sections/*") &&
             !resource::ParseName(topic.source_resource, "tags/*") &&
             !resource::ParseName(topic.source_resource, "contributors/*")) {
    violations.Add("topic.source_resource", "must name a section, a tag or a contributor");
  } else if (!needs_resource && !topic.source_resource.empty()) {
    violations.Add("topic.source_resource", "must be empty for this source");
  }
}

void ParseExpiry(const v1::Topic& proto, Topic& topic, FieldViolations& violations) {
  const auto& expiry = proto.default_expiry();
  topic.default_expiry = proto.has_default_expiry() ? absl::Seconds(expiry.seconds()) : absl::Hours(4);
  if (topic.default_expiry < absl::Minutes(1) || topic.default_expiry > absl::Hours(7 * 24) || expiry.nanos() != 0) {
    violations.Add("topic.default_expiry", "must be 1 minute to 7 days, in whole seconds");
    topic.default_expiry = absl::Hours(4);
  }
}

}  // namespace

v1::Topic ToProto(const Topic& topic) {
  v1::Topic proto;
  proto.set_name(TopicName(topic.id));
  proto.mutable_display_names()->insert(topic.display_names.begin(), topic.display_names.end());
  v1::Topic::Source source = v1::Topic::SOURCE_UNSPECIFIED;
  v1::Topic::Source_Parse(topic.source, &source);
  proto.set_source(source);
  proto.set_source_resource(topic.source_resource);
  v1::Topic::Category category = v1::Topic::CATEGORY_UNSPECIFIED;
  v1::Topic::Category_Parse(topic.category, &category);
  proto.set_category(category);
  proto.set_required_entitlement(topic.required_entitlement);
  v1::Message::Lane lane = v1::Message::LANE_UNSPECIFIED;
  v1::Message::Lane_Parse(topic.lane, &lane);
  proto.set_lane(lane);
  proto.mutable_default_expiry()->set_seconds(absl::ToInt64Seconds(topic.default_expiry));
  *proto.mutable_create_time() = resource::ToTimestamp(topic.create_time);
  *proto.mutable_update_time() = resource::ToTimestamp(topic.update_time);
  if (topic.delete_time) *proto.mutable_delete_time() = resource::ToTimestamp(*topic.delete_time);
  proto.set_etag(resource::Etag(topic.revision));
  return proto;
}

v1::Recipient ToProto(const Recipient& recipient) {
  v1::Recipient proto;
  proto.set_name(RecipientName(recipient.id));
  proto.set_member(MemberName(recipient.id));
  proto.set_locale(recipient.locale);
  proto.set_time_zone(recipient.time_zone);
  proto.set_state(recipient.state == "ACTIVE" ? v1::Recipient::ACTIVE : v1::Recipient::DELETED);
  *proto.mutable_create_time() = resource::ToTimestamp(recipient.create_time);
  *proto.mutable_update_time() = resource::ToTimestamp(recipient.update_time);
  return proto;
}

v1::Subscription ToProto(const Subscription& subscription) {
  v1::Subscription proto;
  proto.set_name(SubscriptionName(subscription));
  proto.set_topic(TopicName(subscription.topic_id));
  v1::Subscription::State state = v1::Subscription::STATE_UNSPECIFIED;
  v1::Subscription::State_Parse(subscription.state, &state);
  proto.set_state(state);
  v1::Subscription::Source source = v1::Subscription::SOURCE_UNSPECIFIED;
  v1::Subscription::Source_Parse(subscription.source, &source);
  proto.set_source(source);
  *proto.mutable_state_time() = resource::ToTimestamp(subscription.state_time);
  *proto.mutable_create_time() = resource::ToTimestamp(subscription.create_time);
  proto.set_etag(resource::Etag(subscription.revision));
  return proto;
}

void ParseTopic(const v1::Topic& proto, const std::set<std::string>& fields, Topic& topic,
                FieldViolations& violations) {
  if (fields.contains("source")) ParseSource(proto, topic, violations);
  if (fields.contains("display_names")) ParseDisplayNames(proto, topic, violations);
  if (fields.contains("category")) {
    if (!v1::Topic::Category_IsValid(proto.category())) violations.Add("topic.category", "must be a known category");
    topic.category =
        proto.category() == v1::Topic::CATEGORY_UNSPECIFIED ? "ALERT" : v1::Topic::Category_Name(proto.category());
  }
  if (fields.contains("required_entitlement")) {
    topic.required_entitlement = proto.required_entitlement();
    if (!topic.required_entitlement.empty() && !resource::ParseName(topic.required_entitlement, "tiers/*")) {
      violations.Add("topic.required_entitlement", "must look like tiers/{tier}");
    }
  }
  if (fields.contains("lane")) {
    if (!v1::Message::Lane_IsValid(proto.lane())) violations.Add("topic.lane", "must be a known lane");
    const char* by_default = topic.source == "BREAKING" ? "BREAKING" : "ALERT";
    topic.lane = proto.lane() == v1::Message::LANE_UNSPECIFIED ? by_default : v1::Message::Lane_Name(proto.lane());
  }
  if (fields.contains("default_expiry")) ParseExpiry(proto, topic, violations);
}

}  // namespace masthead::notifications
