// MembersService: two entries of one person become one.
#pragma once

#include "absl/status/statusor.h"
#include "common/db/database.h"
#include "common/events/feed.h"
#include "common/idempotency/mutation.h"
#include "common/rpc/call.h"
#include "common/rpc/service.h"
#include "masthead/memberships/v1/members_service.pb.h"
#include "services/memberships/members/address_keys.h"
#include "services/memberships/members/member_answers.h"

namespace masthead::memberships {

class MergingService {
 public:
  MergingService(db::Database& database, events::Feed& feed, const AddressKeys& address_keys)
      : database_(database), feed_(feed), address_keys_(address_keys), answers_(database, address_keys) {}

  // Binds MergeMembers.
  void Register(rpc::Service& service);

 private:
  using Call = rpc::Call;

  absl::StatusOr<v1::Member> Merge(const Call& call, const v1::MergeMembersRequest& request);
  // Of two live subscriptions the one that was not chosen ends.
  absl::Status SettleSubscriptions(db::Transaction& tx, const v1::MergeMembersRequest& request, const Member& kept,
                                   const Member& merged, absl::Time now);
  void MergeConsents(db::Transaction& tx, const Call& call, const Member& kept, const Member& merged);
  // Nothing personal is left of it but what tells its address from others.
  void Retire(db::Transaction& tx, Member& merged, const Member& kept, absl::Time now);

  db::Database& database_;
  events::Feed& feed_;
  const AddressKeys& address_keys_;
  const MemberAnswers answers_;
};

}  // namespace masthead::memberships
