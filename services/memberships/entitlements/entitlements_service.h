// EntitlementsService: who may read what.
#pragma once

#include "absl/status/statusor.h"
#include "common/db/database.h"
#include "common/rpc/call.h"
#include "common/rpc/service.h"
#include "masthead/memberships/v1/entitlements_service.pb.h"

namespace masthead::memberships {

class EntitlementsService {
 public:
  explicit EntitlementsService(db::Database& database) : database_(database) {}

  // Binds every RPC of EntitlementsService.
  void Register(rpc::Service& service);

 private:
  using Call = rpc::Call;

  absl::StatusOr<v1::AccessDecision> Check(const Call& call, const v1::CheckAccessRequest& request);
  absl::StatusOr<v1::BatchCheckAccessResponse> BatchCheck(const Call& call, const v1::BatchCheckAccessRequest& request);

  db::Database& database_;
};

}  // namespace masthead::memberships
