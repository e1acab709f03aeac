// PlansService: what can be had.
#pragma once

#include "absl/status/statusor.h"
#include "common/crypto/mac.h"
#include "common/db/database.h"
#include "common/paging/page_token.h"
#include "common/rpc/call.h"
#include "common/rpc/service.h"
#include "masthead/memberships/v1/plans_service.pb.h"

namespace masthead::memberships {

class PlansService {
 public:
  PlansService(db::Database& database, const crypto::MacKey& mac_key);

  // Binds every RPC of PlansService.
  void Register(rpc::Service& service);

 private:
  using Call = rpc::Call;

  absl::StatusOr<v1::Tier> Create(const Call& call, const v1::CreateTierRequest& request);
  absl::StatusOr<v1::Tier> Get(const Call& call, const v1::GetTierRequest& request);
  absl::StatusOr<v1::ListTiersResponse> List(const Call& call, const v1::ListTiersRequest& request);
  absl::StatusOr<v1::Tier> Update(const Call& call, const v1::UpdateTierRequest& request);
  absl::StatusOr<v1::Tier> Archive(const Call& call, const v1::ArchiveTierRequest& request);

  db::Database& database_;
  const paging::PageTokens page_tokens_;
};

}  // namespace masthead::memberships
