// Messages to recipients' systems, as calls to webhook endpoints.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/crypto/seal.h"
#include "common/db/database.h"
#include "common/events/feed.h"
#include "common/http/client.h"
#include "services/notifications/sending/channel.h"
#include "services/notifications/webhooks/webhook.h"
#include "services/notifications/webhooks/webhook_call.h"
#include "services/notifications/webhooks/webhook_sender.h"

namespace masthead::notifications::webhooks {

// What all webhook channels of the process share.
struct WebhookParts {
  db::Database& database;
  events::Feed& feed;
  const crypto::SealingKey& secrets_key;  // Of kWebhookSecrets.
  const crypto::SealingKey& targets_key;  // Opens recipients' endpoints.
};

class WebhookChannel final : public Channel {
 public:
  // `parts` outlive this.
  WebhookChannel(const WebhookParts& parts, const WebhookOptions& options)
      : parts_(parts), options_(options), client_(options.calls_at_once * options.senders) {}

  // A call whose answer was lost is repeated, whatever the message's policy: it bears the same `webhook-id`, by which
  // the other side knows it again.
  HandedOver Send(const Lease& lease, const Message& message, const std::vector<Due>& window,
                  absl::Time deadline) override;
  // What the calls met, for the endpoints' breakers.
  void Record(db::Transaction& tx, const Lease& lease, const Message& message,
              const std::vector<Decision>& decisions) override;

 private:
  struct Endpoints {
    std::map<std::string, WebhookEndpoint> by_id;
    absl::Time now;
  };

  struct Met {
    std::string endpoint_id;
    Verdict verdict = Verdict::kFailed;
  };

  // The IDs of what the deliveries lead to; empty where it cannot be read.
  std::vector<std::string> Targets(const std::vector<Due>& window) const;
  absl::StatusOr<Endpoints> LoadEndpoints(const std::vector<std::string>& ids) const;

  const WebhookParts parts_;
  const WebhookOptions options_;
  http::Client client_;
  // The last window's calls, by the delivery's seq.
  int64_t met_message_number_ = 0;
  std::map<int64_t, Met> met_;
};

}  // namespace masthead::notifications::webhooks
