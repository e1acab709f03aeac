// SupportService: who gave what.
#pragma once

#include "absl/status/statusor.h"
#include "common/crypto/mac.h"
#include "common/db/database.h"
#include "common/paging/page_token.h"
#include "common/rpc/call.h"
#include "common/rpc/service.h"
#include "masthead/memberships/v1/support_service.pb.h"

namespace masthead::memberships {

class DonationsService {
 public:
  DonationsService(db::Database& database, const crypto::MacKey& mac_key);

  // Binds ListDonations.
  void Register(rpc::Service& support_service);

 private:
  absl::StatusOr<v1::ListDonationsResponse> List(const rpc::Call& call, const v1::ListDonationsRequest& request);

  db::Database& database_;
  const paging::PageTokens page_tokens_;
};

}  // namespace masthead::memberships
