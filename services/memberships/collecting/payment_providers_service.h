// PaymentProvidersService.
#pragma once

#include "absl/status/statusor.h"
#include "common/crypto/mac.h"
#include "common/db/database.h"
#include "common/paging/page_token.h"
#include "common/rpc/call.h"
#include "common/rpc/service.h"
#include "masthead/memberships/v1/payment_providers_service.pb.h"
#include "services/memberships/collecting/inbox.h"
#include "services/memberships/payments/providers.h"

namespace masthead::memberships {

class PaymentProvidersService {
 public:
  // All but `mac_key` outlive this.
  PaymentProvidersService(db::Database& database, Inbox& inbox, const Providers& providers,
                          const crypto::MacKey& mac_key);

  void Register(rpc::Service& service);

 private:
  using Call = rpc::Call;

  absl::StatusOr<v1::ProviderEvent> Ingest(const Call& call, const v1::IngestProviderEventRequest& request);
  absl::StatusOr<v1::ProviderEvent> Get(const Call& call, const v1::GetProviderEventRequest& request);
  absl::StatusOr<v1::ListProviderEventsResponse> List(const Call& call, const v1::ListProviderEventsRequest& request);
  absl::StatusOr<v1::ProviderEvent> Replay(const Call& call, const v1::ReplayProviderEventRequest& request);
  absl::StatusOr<v1::ConfirmTransferResponse> ConfirmTransfer(const Call& call,
                                                              const v1::ConfirmTransferRequest& request);

  db::Database& database_;
  Inbox& inbox_;
  const Providers& providers_;
  const paging::PageTokens page_tokens_;
};

}  // namespace masthead::memberships
