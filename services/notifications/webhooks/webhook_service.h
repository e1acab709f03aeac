// The face of webhook endpoints.
#pragma once

#include "absl/status/statusor.h"
#include "common/crypto/seal.h"
#include "common/db/database.h"
#include "common/events/feed.h"
#include "common/paging/page_token.h"
#include "common/rpc/service.h"
#include "common/rpc/stream.h"
#include "google/protobuf/empty.pb.h"
#include "masthead/notifications/v1/webhook_service.pb.h"
#include "services/notifications/outbound/address_guard.h"

namespace masthead::notifications::webhooks {

class WebhookService {
 public:
  // All but `key` outlive this; `secrets_key` is the one of kWebhookSecrets, `due` rings when there is something to
  // tell.
  WebhookService(db::Database& database, events::Feed& feed, const crypto::MacKey& key,
                 const crypto::SealingKey& secrets_key, const OutboundOptions& outbound, rpc::Bell& due);

  const rpc::Service& service() const { return service_; }

 private:
  using Call = rpc::Call;

  absl::StatusOr<v1::WebhookEndpoint> Create(const Call&, const v1::CreateWebhookEndpointRequest&);
  absl::StatusOr<v1::WebhookEndpoint> Get(const Call&, const v1::GetWebhookEndpointRequest&);
  absl::StatusOr<v1::ListWebhookEndpointsResponse> List(const Call&, const v1::ListWebhookEndpointsRequest&);
  absl::StatusOr<v1::WebhookEndpoint> Update(const Call&, const v1::UpdateWebhookEndpointRequest&);
  absl::StatusOr<google::protobuf::Empty> Delete(const Call&, const v1::DeleteWebhookEndpointRequest&);
  absl::StatusOr<v1::WebhookSecrets> GetSecrets(const Call&, const v1::GetWebhookSecretsRequest&);
  absl::StatusOr<v1::WebhookEndpoint> RotateSecret(const Call&, const v1::RotateWebhookSecretRequest&);

  // In webhook_events.cc.
  absl::StatusOr<v1::TestWebhookResponse> Test(const Call&, const v1::TestWebhookRequest&);
  absl::StatusOr<v1::ListWebhookAttemptsResponse> ListAttempts(const Call&, const v1::ListWebhookAttemptsRequest&);
  absl::StatusOr<v1::ReplayWebhookEventsResponse> Replay(const Call&, const v1::ReplayWebhookEventsRequest&);

  db::Database& database_;
  events::Feed& feed_;
  const paging::PageTokens page_tokens_;
  const crypto::SealingKey& secrets_key_;
  const OutboundOptions outbound_;
  rpc::Bell& due_;
  rpc::Service service_;
};

}  // namespace masthead::notifications::webhooks
