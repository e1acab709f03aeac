// InstitutionsService: whose people may read.
#pragma once

#include "absl/status/statusor.h"
#include "common/crypto/mac.h"
#include "common/db/database.h"
#include "common/paging/page_token.h"
#include "common/rpc/call.h"
#include "common/rpc/service.h"
#include "google/protobuf/empty.pb.h"
#include "masthead/memberships/v1/institutions_service.pb.h"

namespace masthead::memberships {

class InstitutionsService {
 public:
  InstitutionsService(db::Database& database, const crypto::MacKey& mac_key);

  // Binds every RPC of InstitutionsService.
  void Register(rpc::Service& service);

 private:
  using Call = rpc::Call;

  absl::StatusOr<v1::Institution> Create(const Call& call, const v1::CreateInstitutionRequest& request);
  absl::StatusOr<v1::Institution> Get(const Call& call, const v1::GetInstitutionRequest& request);
  absl::StatusOr<v1::ListInstitutionsResponse> List(const Call& call, const v1::ListInstitutionsRequest& request);
  absl::StatusOr<v1::Institution> Update(const Call& call, const v1::UpdateInstitutionRequest& request);
  absl::StatusOr<google::protobuf::Empty> Delete(const Call& call, const v1::DeleteInstitutionRequest& request);

  db::Database& database_;
  const paging::PageTokens page_tokens_;
};

}  // namespace masthead::memberships
