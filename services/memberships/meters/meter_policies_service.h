// PlansService, as far as it is about meter policies.
#pragma once

#include "absl/status/statusor.h"
#include "common/crypto/mac.h"
#include "common/db/database.h"
#include "common/paging/page_token.h"
#include "common/rpc/call.h"
#include "common/rpc/service.h"
#include "google/protobuf/empty.pb.h"
#include "masthead/memberships/v1/plans_service.pb.h"
#include "services/memberships/meters/meter_policy_cache.h"

namespace masthead::memberships {

class MeterPoliciesService {
 public:
  MeterPoliciesService(db::Database& database, MeterPolicyCache& cache, const crypto::MacKey& mac_key);

  void Register(rpc::Service& plans_service);

 private:
  using Call = rpc::Call;

  absl::StatusOr<v1::MeterPolicy> Create(const Call& call, const v1::CreateMeterPolicyRequest& request);
  absl::StatusOr<v1::MeterPolicy> Get(const Call& call, const v1::GetMeterPolicyRequest& request);
  absl::StatusOr<v1::ListMeterPoliciesResponse> List(const Call& call, const v1::ListMeterPoliciesRequest& request);
  absl::StatusOr<v1::MeterPolicy> Update(const Call& call, const v1::UpdateMeterPolicyRequest& request);
  absl::StatusOr<google::protobuf::Empty> Delete(const Call& call, const v1::DeleteMeterPolicyRequest& request);

  db::Database& database_;
  MeterPolicyCache& cache_;
  const paging::PageTokens page_tokens_;
};

}  // namespace masthead::memberships
