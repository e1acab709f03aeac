// BillingService: payments, and what goes back of them.
#pragma once

#include "absl/status/statusor.h"
#include "common/crypto/mac.h"
#include "common/db/database.h"
#include "common/events/feed.h"
#include "common/paging/page_token.h"
#include "common/rpc/call.h"
#include "common/rpc/service.h"
#include "masthead/memberships/v1/billing_service.pb.h"

namespace masthead::memberships {

class PaymentsService {
 public:
  PaymentsService(db::Database& database, events::Feed& feed, const crypto::MacKey& mac_key);

  // Binds the RPCs of BillingService that are about payments.
  void Register(rpc::Service& service);

 private:
  using Call = rpc::Call;

  absl::StatusOr<v1::Payment> Get(const Call& call, const v1::GetPaymentRequest& request);
  absl::StatusOr<v1::ListPaymentsResponse> List(const Call& call, const v1::ListPaymentsRequest& request);
  absl::StatusOr<v1::Payment> GiveBack(const Call& call, const v1::RefundPaymentRequest& request);
  absl::StatusOr<v1::ListDisputesResponse> ListDisputes(const Call& call, const v1::ListDisputesRequest& request);

  db::Database& database_;
  events::Feed& feed_;
  const paging::PageTokens page_tokens_;
};

}  // namespace masthead::memberships
