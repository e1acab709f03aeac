// MembersService: registering members, finding, changing and deleting them.
#pragma once

#include "absl/status/statusor.h"
#include "common/crypto/mac.h"
#include "common/db/database.h"
#include "common/events/feed.h"
#include "common/paging/page_token.h"
#include "common/rpc/call.h"
#include "common/rpc/service.h"
#include "masthead/memberships/v1/members_service.pb.h"
#include "services/memberships/members/address_keys.h"
#include "services/memberships/members/member_answers.h"

namespace masthead::memberships {

class MembersService {
 public:
  MembersService(db::Database& database, events::Feed& feed, const crypto::MacKey& mac_key,
                 const AddressKeys& address_keys);

  // Binds CreateMember, GetMember, LookupMember, ListMembers, UpdateMember, DeleteMember and UndeleteMember.
  void Register(rpc::Service& service);

 private:
  using Call = rpc::Call;

  absl::StatusOr<v1::Member> Create(const Call& call, const v1::CreateMemberRequest& request);
  absl::StatusOr<v1::Member> Get(const Call& call, const v1::GetMemberRequest& request);
  absl::StatusOr<v1::Member> Lookup(const Call& call, const v1::LookupMemberRequest& request);
  absl::StatusOr<v1::ListMembersResponse> List(const Call& call, const v1::ListMembersRequest& request);
  absl::StatusOr<v1::Member> Update(const Call& call, const v1::UpdateMemberRequest& request);
  absl::StatusOr<v1::Member> Delete(const Call& call, const v1::DeleteMemberRequest& request);
  absl::StatusOr<v1::Member> Undelete(const Call& call, const v1::UndeleteMemberRequest& request);

  // With the tiers that the member has now.
  absl::StatusOr<v1::Member> WithTiers(db::Transaction& tx, const Call& call, const Member& member) const;

  db::Database& database_;
  events::Feed& feed_;
  const AddressKeys& address_keys_;
  const MemberAnswers answers_;
  const paging::PageTokens page_tokens_;
};

}  // namespace masthead::memberships
