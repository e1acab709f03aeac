// AdminService: who works for the newsroom.
#pragma once

#include "absl/status/statusor.h"
#include "common/crypto/mac.h"
#include "common/db/database.h"
#include "common/paging/page_token.h"
#include "common/rpc/call.h"
#include "common/rpc/service.h"
#include "masthead/memberships/v1/admin_service.pb.h"

namespace masthead::memberships {

class StaffService {
 public:
  StaffService(db::Database& database, const crypto::MacKey& mac_key);

  // Binds CreateStaffMember, GetStaffMember, UpdateStaffMember and ListStaffMembers.
  void Register(rpc::Service& service);

 private:
  using Call = rpc::Call;

  absl::StatusOr<v1::StaffMember> Create(const Call& call, const v1::CreateStaffMemberRequest& request);
  absl::StatusOr<v1::StaffMember> Get(const Call& call, const v1::GetStaffMemberRequest& request);
  absl::StatusOr<v1::StaffMember> Update(const Call& call, const v1::UpdateStaffMemberRequest& request);
  absl::StatusOr<v1::ListStaffMembersResponse> List(const Call& call, const v1::ListStaffMembersRequest& request);

  db::Database& database_;
  const paging::PageTokens page_tokens_;
};

}  // namespace masthead::memberships
