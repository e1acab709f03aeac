// Webhook endpoints on the wire.
#pragma once

#include <set>
#include <string>

#include "absl/strings/string_view.h"
#include "common/base/errors.h"
#include "masthead/notifications/v1/webhook_service.pb.h"
#include "services/notifications/webhooks/webhook.h"

namespace masthead::notifications::webhooks {

v1::WebhookEndpoint ToProto(const WebhookEndpoint& endpoint);
v1::WebhookAttempt ToProto(const AttemptRecord& attempt);

// The types of events that there are: those of Event.
const std::set<std::string>& EventTypes();

// Takes over these fields of `display_name`, `url`, `event_types` and `state`, checked; where the URL leads to is not.
void ParseWebhookEndpoint(const v1::WebhookEndpoint& proto, const std::set<std::string>& fields,
                          WebhookEndpoint& endpoint, FieldViolations& violations);

}  // namespace masthead::notifications::webhooks
