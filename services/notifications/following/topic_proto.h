// Topics, recipients and subscriptions on the wire.
#pragma once

#include <set>
#include <string>

#include "common/base/errors.h"
#include "masthead/notifications/v1/recipient.pb.h"
#include "masthead/notifications/v1/subscription.pb.h"
#include "masthead/notifications/v1/topic.pb.h"
#include "services/notifications/following/topic.h"

namespace masthead::notifications {

v1::Topic ToProto(const Topic& topic);
v1::Recipient ToProto(const Recipient& recipient);
v1::Subscription ToProto(const Subscription& subscription);

// Takes over `fields` of `proto`, checked.
void ParseTopic(const v1::Topic& proto, const std::set<std::string>& fields, Topic& topic, FieldViolations& violations);

// A set as in messages/channels.h; none if `channels` is empty. At most 6, none twice.
int16_t ParseChannels(absl::string_view field, const google::protobuf::RepeatedField<int>& channels,
                      FieldViolations& violations);

// `07:30` as minutes of the day; with a violation 0.
int ParseWallTime(absl::string_view field, absl::string_view text, FieldViolations& violations);
std::string WallTime(int minute);

// Takes over `fields` of `proto`, checked: state, channels, cadence.
void ParseSubscription(const v1::Subscription& proto, const std::set<std::string>& fields, Subscription& subscription,
                       FieldViolations& violations);

// A consent without a time has none: the caller's now.
Consent ParseConsent(absl::string_view field, const v1::Subscription::Consent& proto, FieldViolations& violations);
v1::Subscription::Consent ToProto(const Consent& consent);

// Whether it is empty, or looks like a BCP 47 tag of at most 35 characters.
bool IsLocale(absl::string_view locale);

}  // namespace masthead::notifications
