// Members as answers: opened, and shown as far as the caller may see.
#pragma once

#include "absl/status/statusor.h"
#include "common/db/database.h"
#include "common/rpc/call.h"
#include "masthead/memberships/v1/member.pb.h"
#include "services/memberships/members/address_keys.h"
#include "services/memberships/members/member.h"

namespace masthead::memberships {

class MemberAnswers {
 public:
  MemberAnswers(db::Database& database, const AddressKeys& address_keys)
      : database_(database), address_keys_(address_keys) {}

  absl::StatusOr<v1::Member> Show(const rpc::Call& call, Member member) const;

  // To the person, or to somebody who answers the person: with the address and the notes.
  absl::StatusOr<v1::Member> ShowInFull(Member member) const;

  // An answer that idempotency keeps has nothing personal in it (ToImpersonalProto), or erasing a member would leave
  // some. This fills it in from the member as it is now.
  absl::StatusOr<v1::Member> Complete(const rpc::Call& call, absl::StatusOr<v1::Member> kept) const;

 private:
  db::Database& database_;
  const AddressKeys& address_keys_;
};

}  // namespace masthead::memberships
