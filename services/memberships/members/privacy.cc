#include "services/memberships/members/privacy.h"

#include "services/memberships/errors.h"
#include "services/memberships/members/member.h"

namespace masthead::memberships {
namespace {

constexpr char kReadScope[] = "members.read";

bool IsMember(const auth::Caller& caller, absl::string_view member_id) {
  return caller.kind == auth::Caller::Kind::kMember && caller.subject == MemberName(member_id);
}

}  // namespace

absl::Status CheckOwn(const auth::Caller& caller, absl::string_view member_id) {
  if (caller.kind != auth::Caller::Kind::kMember || IsMember(caller, member_id)) return absl::OkStatus();
  return NotOwnResource();
}

bool SeesAddressOf(const auth::Caller& caller, absl::string_view member_id) {
  return IsMember(caller, member_id) || caller.HasScope(kReadScope) || caller.HasRole("admin");
}

bool SeesNotes(const auth::Caller& caller) { return caller.kind != auth::Caller::Kind::kMember; }

bool MayLookUpMembers(const auth::Caller& caller) { return caller.HasScope(kReadScope) || caller.HasRole("support"); }

}  // namespace masthead::memberships
