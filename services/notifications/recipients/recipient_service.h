// The face of recipients: who they are, how they are reached, and what they chose about all topics.
#pragma once

#include <memory>

#include "absl/status/statusor.h"
#include "common/crypto/seal.h"
#include "common/db/database.h"
#include "common/events/feed.h"
#include "common/paging/page_token.h"
#include "common/rpc/service.h"
#include "google/protobuf/empty.pb.h"
#include "masthead/notifications/v1/recipient_service.pb.h"
#include "services/notifications/recipients/confirmation_letters.h"
#include "services/notifications/recipients/endpoint.h"

namespace masthead::notifications {

class RecipientService {
 public:
  // All but `key` outlive this; `targets_key` is the one of kEndpointTargets.
  RecipientService(db::Database& database, events::Feed& feed, const crypto::MacKey& key,
                   const crypto::SealingKey& targets_key, const ConfirmationLetters& confirmation_letters);

  const rpc::Service& service() const { return service_; }

 private:
  using Call = rpc::Call;
  using ImportStream = rpc::Dialogue<v1::ImportRecipientsRequest, v1::ImportRecipientsResponse>;

  absl::StatusOr<v1::Recipient> CreateRecipient(const Call&, const v1::CreateRecipientRequest&);
  absl::StatusOr<v1::Recipient> UpdateRecipient(const Call&, const v1::UpdateRecipientRequest&);
  absl::StatusOr<v1::ListRecipientsResponse> ListRecipients(const Call&, const v1::ListRecipientsRequest&);
  absl::StatusOr<v1::Recipient> EraseRecipient(const Call&, const v1::EraseRecipientRequest&);
  absl::StatusOr<v1::ExportRecipientResponse> ExportRecipient(const Call&, const v1::ExportRecipientRequest&);
  absl::StatusOr<std::unique_ptr<ImportStream>> ImportRecipients(const Call&);
  absl::StatusOr<v1::Preferences> GetPreferences(const Call&, const v1::GetPreferencesRequest&);
  absl::StatusOr<v1::Preferences> UpdatePreferences(const Call&, const v1::UpdatePreferencesRequest&);

  // In recipient_endpoints.cc.
  absl::StatusOr<v1::Endpoint> CreateEndpoint(const Call&, const v1::CreateEndpointRequest&);
  absl::StatusOr<v1::Endpoint> GetEndpoint(const Call&, const v1::GetEndpointRequest&);
  absl::StatusOr<v1::ListEndpointsResponse> ListEndpoints(const Call&, const v1::ListEndpointsRequest&);
  absl::StatusOr<v1::Endpoint> UpdateEndpoint(const Call&, const v1::UpdateEndpointRequest&);
  absl::StatusOr<google::protobuf::Empty> DeleteEndpoint(const Call&, const v1::DeleteEndpointRequest&);

  // What the endpoint leads to; nothing for a mailbox and the inbox.
  absl::StatusOr<EndpointTarget> TargetOf(const Endpoint& endpoint, absl::string_view recipient_id) const;
  absl::StatusOr<v1::Endpoint> Show(const Endpoint& endpoint, absl::string_view recipient_id) const;

  db::Database& database_;
  events::Feed& feed_;
  const paging::PageTokens page_tokens_;
  const crypto::SealingKey& targets_key_;
  const ConfirmationLetters& confirmation_letters_;
  rpc::Service service_;
};

}  // namespace masthead::notifications
