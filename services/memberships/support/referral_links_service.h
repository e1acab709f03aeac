// SupportService, as far as it is about referral links.
#pragma once

#include "absl/status/statusor.h"
#include "common/crypto/mac.h"
#include "common/db/database.h"
#include "common/paging/page_token.h"
#include "common/rpc/call.h"
#include "common/rpc/service.h"
#include "masthead/memberships/v1/support_service.pb.h"

namespace masthead::memberships {

class ReferralLinksService {
 public:
  ReferralLinksService(db::Database& database, const crypto::MacKey& mac_key);

  void Register(rpc::Service& support_service);

 private:
  using Call = rpc::Call;

  absl::StatusOr<v1::ReferralLink> Create(const Call& call, const v1::CreateReferralLinkRequest& request);
  absl::StatusOr<v1::ReferralLink> Get(const Call& call, const v1::GetReferralLinkRequest& request);
  absl::StatusOr<v1::ListReferralLinksResponse> List(const Call& call, const v1::ListReferralLinksRequest& request);

  db::Database& database_;
  const paging::PageTokens page_tokens_;
};

}  // namespace masthead::memberships
