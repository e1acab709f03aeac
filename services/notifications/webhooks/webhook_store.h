// Webhook endpoints in Postgres.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/db/database.h"
#include "services/notifications/webhooks/webhook.h"

namespace masthead::notifications::webhooks {

// Sets number and times.
void InsertWebhookEndpoint(db::Transaction& tx, WebhookEndpoint& endpoint);

std::optional<WebhookEndpoint> LoadWebhookEndpoint(db::Transaction& tx, absl::string_view id);
std::optional<WebhookEndpoint> LockWebhookEndpoint(db::Transaction& tx, absl::string_view id);
// Those of these IDs that there are.
std::vector<WebhookEndpoint> LoadWebhookEndpointsOf(db::Transaction& tx, const std::vector<std::string>& ids);

// The newest first, before the one of (`before_time`, `before_id`) if that is set.
std::vector<WebhookEndpoint> LoadWebhookEndpoints(db::Transaction& tx, std::optional<absl::Time> before_time,
                                                  absl::string_view before_id, int limit);

// Everything that somebody may change, and the breaker; increments the revision.
void SaveWebhookEndpoint(db::Transaction& tx, WebhookEndpoint& endpoint);

// What calls have met: no new revision.
void SaveBreaker(db::Transaction& tx, const WebhookEndpoint& endpoint);

void RemoveWebhookEndpoint(db::Transaction& tx, int64_t number);

// One sender's right to tell an endpoint events.
struct EndpointLease {
  WebhookEndpoint endpoint;
  int32_t epoch = 0;
};

// Of the endpoint that has events due and was leased longest ago; none if none has. Tests are due whatever the breaker
// says.
std::optional<EndpointLease> TakeEndpointLease(db::Transaction& tx, absl::Duration duration);

// Locks the endpoint, and ends the lease; none if somebody else has it by now, or the endpoint is gone.
std::optional<WebhookEndpoint> EndEndpointLease(db::Transaction& tx, const EndpointLease& lease);

}  // namespace masthead::notifications::webhooks
