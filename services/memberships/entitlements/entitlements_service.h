// EntitlementsService: who may read what.
#pragma once

#include <optional>

#include "absl/status/statusor.h"
#include "common/crypto/mac.h"
#include "common/db/database.h"
#include "common/rpc/call.h"
#include "common/rpc/service.h"
#include "grpcpp/support/byte_buffer.h"
#include "masthead/memberships/v1/entitlements_service.pb.h"
#include "services/memberships/entitlements/question_proto.h"
#include "services/memberships/entitlements/standing_cache.h"
#include "services/memberships/meters/meter_keys.h"
#include "services/memberships/meters/meter_policy_cache.h"
#include "services/memberships/meters/view_counter.h"

namespace masthead::memberships {

class EntitlementsService {
 public:
  EntitlementsService(db::Database& database, StandingCache& standings, MeterPolicyCache& meter_policies,
                      const crypto::MacKey& mac_key)
      : database_(database),
        standings_(standings),
        meter_policies_(meter_policies),
        view_counter_(database),
        meter_keys_(mac_key) {}

  // Binds every RPC of EntitlementsService.
  void Register(rpc::Service& service);

 private:
  using Call = rpc::Call;

  // By the standing that is kept of the member, where that alone decides.
  std::optional<grpc::ByteBuffer> CheckNow(const Call& call, const v1::CheckAccessRequest& request);
  absl::StatusOr<grpc::ByteBuffer> Check(const Call& call, const v1::CheckAccessRequest& request);
  absl::StatusOr<v1::BatchCheckAccessResponse> BatchCheck(const Call& call, const v1::BatchCheckAccessRequest& request);
  absl::StatusOr<v1::IssueAnonymousReaderResponse> IssueAnonymousReader(const Call& call,
                                                                        const v1::IssueAnonymousReaderRequest& request);
  absl::StatusOr<v1::MergeMetersResponse> Merge(const Call& call, const v1::MergeMetersRequest& request);

  // What grants give, as the database has it now.
  absl::StatusOr<AccessDecision> DecideByGrants(const Scope& scope, const Question& question);
  // As far as a meter decides what `decision` denies.
  absl::StatusOr<v1::AccessDecision> DecideByMeter(const Scope& scope, const AccessDecision& decision,
                                                   const MeteredReading& reading, bool dry_run);

  db::Database& database_;
  StandingCache& standings_;
  MeterPolicyCache& meter_policies_;
  ViewCounter view_counter_;
  const MeterKeys meter_keys_;
};

}  // namespace masthead::memberships
