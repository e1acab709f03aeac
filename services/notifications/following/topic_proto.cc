#include "services/notifications/following/topic_proto.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
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
constexpr int kMaxChannels = 6;
constexpr int kDefaultDigestMinute = 7 * 60;
constexpr int kEmailBit = 1 << (v1::EMAIL - 1);
constexpr int64_t kMaxConsentSource = 200;
constexpr int64_t kMaxTextVersion = 100;
constexpr size_t kMaxIpHash = 64;

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

template <typename Proto>
void AddChannels(int16_t channels, Proto& proto) {
  // A channel's bit and its number in the API follow the same order.
  for (int channel = 1; channel <= kMaxChannels; ++channel) {
    if ((channels & 1 << (channel - 1)) != 0) proto.Add(channel);
  }
}

void ParseCadence(const v1::Subscription::Cadence& proto, Cadence& cadence, FieldViolations& violations) {
  cadence = {};
  if (!v1::Subscription::CadenceKind_IsValid(proto.kind())) {
    return violations.Add("subscription.cadence.kind", "must be a known cadence");
  }
  if (proto.kind() != v1::Subscription::CADENCE_KIND_UNSPECIFIED) {
    cadence.kind = v1::Subscription::CadenceKind_Name(proto.kind());
  }
  const bool weekly = cadence.kind == "WEEKLY";
  const bool has_time = weekly || cadence.kind == "DAILY";
  if (!has_time && !proto.at().empty()) violations.Add("subscription.cadence.at", "is for DAILY and WEEKLY only");
  if (has_time) cadence.minute = kDefaultDigestMinute;
  if (has_time && !proto.at().empty()) {
    cadence.minute = ParseWallTime("subscription.cadence.at", proto.at(), violations);
  }
  if (proto.day() < 0 || proto.day() > 7 || (proto.day() != 0 && !weekly)) {
    violations.Add("subscription.cadence.day", "must be 1 to 7, for WEEKLY only");
  }
  if (weekly) cadence.day = std::clamp(proto.day(), 1, 7);
}

}  // namespace

int16_t ParseChannels(absl::string_view field, const google::protobuf::RepeatedField<int>& channels,
                      FieldViolations& violations) {
  int16_t set = 0;
  if (channels.size() > kMaxChannels) violations.Add(field, "must not have more than 6 entries");
  for (const int channel : channels) {
    if (channel < 1 || channel > kMaxChannels) {
      violations.Add(field, "must be known channels");
      break;
    }
    set = static_cast<int16_t>(set | 1 << (channel - 1));
  }
  return set;
}

int ParseWallTime(absl::string_view field, absl::string_view text, FieldViolations& violations) {
  int hour = 0;
  int minute = 0;
  const bool valid = text.size() == 5 && text[2] == ':' && absl::ascii_isdigit(text[0]) &&
                     absl::ascii_isdigit(text[3]) && absl::SimpleAtoi(text.substr(0, 2), &hour) &&
                     absl::SimpleAtoi(text.substr(3), &minute) && hour < 24 && minute < 60;
  if (valid) return hour * 60 + minute;
  violations.Add(field, "must be a time of the day, 00:00 to 23:59");
  return 0;
}

std::string WallTime(int minute) { return absl::StrFormat("%02d:%02d", minute / 60, minute % 60); }

bool IsLocale(absl::string_view locale) {
  return locale.size() <= kMaxLanguage && std::all_of(locale.begin(), locale.end(), [](char c) {
           return absl::ascii_isalnum(static_cast<unsigned char>(c)) || c == '-';
         });
}

Consent ParseConsent(absl::string_view field, const v1::Subscription::Consent& proto, FieldViolations& violations) {
  Consent consent = {.source = proto.source(),
                     .ip_hash = proto.ip_hash(),
                     .text_version = proto.text_version(),
                     .time = absl::InfinitePast()};
  text::CheckLine(absl::StrCat(field, ".source"), consent.source, kMaxConsentSource, /*required=*/false, violations);
  text::CheckLine(absl::StrCat(field, ".text_version"), consent.text_version, kMaxTextVersion, /*required=*/false,
                  violations);
  const bool hexadecimal = std::all_of(consent.ip_hash.begin(), consent.ip_hash.end(),
                                       [](char c) { return absl::ascii_isxdigit(static_cast<unsigned char>(c)); });
  if (!hexadecimal || consent.ip_hash.size() > kMaxIpHash) {
    violations.Add(absl::StrCat(field, ".ip_hash"), "must be at most 64 hexadecimal digits");
  }
  if (proto.has_time()) consent.time = resource::ParseTimestamp(absl::StrCat(field, ".time"), proto.time(), violations);
  return consent;
}

v1::Subscription::Consent ToProto(const Consent& consent) {
  v1::Subscription::Consent proto;
  proto.set_source(consent.source);
  proto.set_ip_hash(consent.ip_hash);
  proto.set_text_version(consent.text_version);
  *proto.mutable_time() = resource::ToTimestamp(consent.time);
  return proto;
}

void ParseSubscription(const v1::Subscription& proto, const std::set<std::string>& fields, Subscription& subscription,
                       FieldViolations& violations) {
  if (fields.contains("state")) {
    if (proto.state() != v1::Subscription::ACTIVE && proto.state() != v1::Subscription::UNSUBSCRIBED) {
      violations.Add("subscription.state", "must be ACTIVE or UNSUBSCRIBED");
    } else {
      subscription.state = v1::Subscription::State_Name(proto.state());
    }
  }
  if (fields.contains("channels")) {
    const int16_t channels = ParseChannels("subscription.channels", proto.channels(), violations);
    if (channels == 0) violations.Add("subscription.channels", "must name a channel");
    subscription.channels = channels;
  }
  if (fields.contains("cadence")) ParseCadence(proto.cadence(), subscription.cadence, violations);
  if (subscription.cadence.kind != "IMMEDIATE" && (subscription.channels & kEmailBit) == 0) {
    violations.Add("subscription.cadence", "must be IMMEDIATE without the channel EMAIL: digests are letters");
  }
}

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
  proto.set_opt_in(topic.asks_twice() ? v1::Topic::DOUBLE : v1::Topic::SINGLE);
  AddChannels(topic.default_channels, *proto.mutable_default_channels());
  *proto.mutable_create_time() = resource::ToTimestamp(topic.create_time);
  *proto.mutable_update_time() = resource::ToTimestamp(topic.update_time);
  if (topic.delete_time) *proto.mutable_delete_time() = resource::ToTimestamp(*topic.delete_time);
  proto.set_etag(resource::Etag(topic.revision));
  return proto;
}

v1::Recipient ToProto(const Recipient& recipient) {
  v1::Recipient proto;
  proto.set_name(RecipientName(recipient.id));
  if (!recipient.anonymous) proto.set_member(MemberName(recipient.id));
  proto.set_locale(recipient.locale);
  proto.set_time_zone(recipient.time_zone);
  proto.set_state(recipient.state == "ACTIVE" ? v1::Recipient::ACTIVE : v1::Recipient::DELETED);
  *proto.mutable_create_time() = resource::ToTimestamp(recipient.create_time);
  *proto.mutable_update_time() = resource::ToTimestamp(recipient.update_time);
  proto.set_etag(resource::Etag(recipient.revision));
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
  AddChannels(subscription.channels, *proto.mutable_channels());
  v1::Subscription::CadenceKind cadence = v1::Subscription::CADENCE_KIND_UNSPECIFIED;
  v1::Subscription::CadenceKind_Parse(subscription.cadence.kind, &cadence);
  proto.mutable_cadence()->set_kind(cadence);
  if (cadence == v1::Subscription::DAILY || cadence == v1::Subscription::WEEKLY) {
    proto.mutable_cadence()->set_at(WallTime(subscription.cadence.minute));
  }
  proto.mutable_cadence()->set_day(subscription.cadence.day);
  if (subscription.consent) *proto.mutable_consent() = ToProto(*subscription.consent);
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
  if (fields.contains("opt_in")) {
    if (!v1::Topic::OptIn_IsValid(proto.opt_in())) violations.Add("topic.opt_in", "must be SINGLE or DOUBLE");
    topic.opt_in = proto.opt_in() == v1::Topic::DOUBLE ? "DOUBLE" : "SINGLE";
  }
  if (fields.contains("default_channels")) {
    const int16_t channels = ParseChannels("topic.default_channels", proto.default_channels(), violations);
    topic.default_channels = channels == 0 ? int16_t{1} : channels;
  }
}

}  // namespace masthead::notifications
