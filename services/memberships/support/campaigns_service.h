// SupportService, as far as it is about campaigns.
#pragma once

#include "absl/status/statusor.h"
#include "common/crypto/mac.h"
#include "common/db/database.h"
#include "common/paging/page_token.h"
#include "common/rpc/call.h"
#include "common/rpc/service.h"
#include "masthead/memberships/v1/support_service.pb.h"

namespace masthead::memberships {

class CampaignsService {
 public:
  CampaignsService(db::Database& database, const crypto::MacKey& mac_key);

  void Register(rpc::Service& support_service);

 private:
  using Call = rpc::Call;

  absl::StatusOr<v1::Campaign> Create(const Call& call, const v1::CreateCampaignRequest& request);
  absl::StatusOr<v1::Campaign> Get(const Call& call, const v1::GetCampaignRequest& request);
  absl::StatusOr<v1::ListCampaignsResponse> List(const Call& call, const v1::ListCampaignsRequest& request);
  absl::StatusOr<v1::Campaign> Update(const Call& call, const v1::UpdateCampaignRequest& request);
  absl::StatusOr<v1::Campaign> End(const Call& call, const v1::EndCampaignRequest& request);

  db::Database& database_;
  const paging::PageTokens page_tokens_;
};

}  // namespace masthead::memberships
