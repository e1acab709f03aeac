#include "services/memberships/signin/session.h"

#include "absl/strings/str_cat.h"
#include "services/memberships/admin/staff_member.h"
#include "services/memberships/members/member.h"

namespace masthead::memberships {

std::string OwnerName(const SessionOwner& owner) {
  return owner.member_id.empty() ? StaffMemberName(owner.staff_id) : MemberName(owner.member_id);
}

std::string SessionName(const Session& session) {
  return absl::StrCat(OwnerName(session.owner), "/sessions/", session.id);
}

bool IsLive(const Session& session, absl::Time now) { return !session.end_time && now < session.expire_time; }

}  // namespace masthead::memberships
