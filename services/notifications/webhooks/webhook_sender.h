// Tells webhook endpoints events: one endpoint at a time, a few events at once, so that one that does not answer holds
// up nobody but itself.
#pragma once

#include <vector>

#include "absl/status/statusor.h"
#include "common/base/scope.h"
#include "common/crypto/seal.h"
#include "common/db/database.h"
#include "common/events/feed.h"
#include "common/http/client.h"
#include "services/notifications/outbound/address_guard.h"
#include "services/notifications/webhooks/webhook_log_store.h"
#include "services/notifications/webhooks/webhook_store.h"

namespace masthead::notifications::webhooks {

struct WebhookOptions {
  OutboundOptions outbound;
  int calls_at_once = 4;  // To one endpoint.
  int senders = 3;        // Endpoints that are told events at once.
};

// What counts what calls have met, in the transaction that records them: the breaker after each call, and what follows
// for the endpoint, which `tx` has locked.
void RecordVerdicts(db::Transaction& tx, events::Feed& feed, WebhookEndpoint& endpoint,
                    const std::vector<Verdict>& verdicts);

// Used by one thread; every replica may run several.
class WebhookSender {
 public:
  // All outlive this; `secrets_key` is the one of kWebhookSecrets.
  WebhookSender(db::Database& database, events::Feed& feed, const crypto::SealingKey& secrets_key,
                const WebhookOptions& options)
      : database_(database),
        feed_(feed),
        secrets_key_(secrets_key),
        options_(options),
        client_(options.calls_at_once) {}

  // Tells one endpoint; whether there may be more to tell at once.
  absl::StatusOr<bool> Step(const Cancellation& stopping);

 private:
  struct Work {
    EndpointLease lease;
    std::vector<WebhookEvent> events;
    absl::Time now;
  };
  // As many as there are events, in their order.
  struct Outcomes {
    std::vector<AttemptRecord> attempts;
    std::vector<Verdict> verdicts;
  };

  absl::StatusOr<Work> TakeWork(const Scope& scope);
  Outcomes Call(const Scope& scope, const Work& work);

  db::Database& database_;
  events::Feed& feed_;
  const crypto::SealingKey& secrets_key_;
  const WebhookOptions options_;
  http::Client client_;
};

}  // namespace masthead::notifications::webhooks
