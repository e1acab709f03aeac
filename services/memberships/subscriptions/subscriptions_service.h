// SubscriptionsService: what members have.
#pragma once

#include "absl/status/statusor.h"
#include "common/crypto/mac.h"
#include "common/db/database.h"
#include "common/events/feed.h"
#include "common/paging/page_token.h"
#include "common/rpc/call.h"
#include "common/rpc/service.h"
#include "masthead/memberships/v1/subscriptions_service.pb.h"

namespace masthead::memberships {

class SubscriptionsService {
 public:
  SubscriptionsService(db::Database& database, events::Feed& feed, const crypto::MacKey& mac_key);

  // Binds every RPC of SubscriptionsService.
  void Register(rpc::Service& service);

 private:
  using Call = rpc::Call;

  absl::StatusOr<v1::Grant> Create(const Call& call, const v1::CreateGrantRequest& request);
  absl::StatusOr<v1::Grant> Revoke(const Call& call, const v1::RevokeGrantRequest& request);
  absl::StatusOr<v1::Grant> Get(const Call& call, const v1::GetGrantRequest& request);
  absl::StatusOr<v1::ListGrantsResponse> List(const Call& call, const v1::ListGrantsRequest& request);

  db::Database& database_;
  events::Feed& feed_;
  const paging::PageTokens page_tokens_;
};

}  // namespace masthead::memberships
