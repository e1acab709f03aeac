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

}  // namespace masthead::notifications
