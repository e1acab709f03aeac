// EntitlementsService: who may read what.
#pragma once

#include "absl/status/statusor.h"
#include "common/crypto/mac.h"
#include "common/db/database.h"
#include "common/rpc/call.h"
#include "common/rpc/service.h"
#include "masthead/memberships/v1/entitlements_service.pb.h"
#include "services/memberships/meters/meter_keys.h"

namespace masthead::memberships {

class EntitlementsService {
 public:
  EntitlementsService(db::Database& database, const crypto::MacKey& mac_key)
      : database_(database), meter_keys_(mac_key) {}

  // Binds every RPC of EntitlementsService.
  void Register(rpc::Service& service);

 private:
  using Call = rpc::Call;

  absl::StatusOr<v1::AccessDecision> Check(const Call& call, const v1::CheckAccessRequest& request);
  absl::StatusOr<v1::BatchCheckAccessResponse> BatchCheck(const Call& call, const v1::BatchCheckAccessRequest& request);
  absl::StatusOr<v1::IssueAnonymousReaderResponse> IssueAnonymousReader(const Call& call,
                                                                        const v1::IssueAnonymousReaderRequest& request);
  absl::StatusOr<v1::MergeMetersResponse> Merge(const Call& call, const v1::MergeMetersRequest& request);

  db::Database& database_;
  const MeterKeys meter_keys_;
};

}  // namespace masthead::memberships
