#include "services/memberships/signin/directory.h"

#include <utility>

#include "common/base/status_macros.h"
#include "common/ids/uuid.h"
#include "services/memberships/admin/staff_store.h"
#include "services/memberships/errors.h"
#include "services/memberships/members/announcements.h"
#include "services/memberships/members/member_counter_store.h"
#include "services/memberships/members/member_store.h"

namespace masthead::memberships {

std::string Directory::FindMember(db::Transaction& tx, const EmailAddress& address) const {
  const std::optional<Member> member = LoadMemberByAddress(tx, address_keys_.IndexOf(address.normal));
  return member ? member->id : "";
}

std::string Directory::FindStaff(db::Transaction& tx, const EmailAddress& address) const {
  const std::optional<StaffMember> person = LoadStaffMemberByEmail(tx, address.normal);
  return person && !person->roles.empty() ? person->id : "";
}

Directory::Registration Directory::Register(db::Transaction& tx, const EmailAddress& address, const std::string& locale,
                                            absl::Time now) const {
  const std::string index = address_keys_.IndexOf(address.normal);
  LockAddress(tx, index);
  std::string existing = FindMember(tx, address);
  if (!existing.empty()) return {.member_id = std::move(existing), .created = false};
  Member member;
  member.id = ids::NewUuid(now);
  member.email = address.mailbox;
  member.email_normal = address.normal;
  member.locale = locale;
  member.create_time = member.update_time = now;
  address_keys_.Seal(member);
  AdmitErasedAddress(tx, index);
  InsertMember(tx, member);
  CountMember(tx, member.id, 1);
  AnnounceMemberCreated(tx, feed_, member.id);
  return {.member_id = member.id, .created = true};
}

void Directory::ConfirmAddress(db::Transaction& tx, absl::string_view member_id, absl::Time now) const {
  if (LockMember(tx, member_id)) MarkEmailVerified(tx, member_id, now);
}

absl::StatusOr<std::optional<EmailAddress>> Directory::LockAddressOf(db::Transaction& tx,
                                                                     absl::string_view member_id) const {
  std::optional<Member> member = LockMember(tx, member_id);
  if (!member) return std::nullopt;
  RETURN_IF_ERROR(address_keys_.Open(*member));
  return EmailAddress{.mailbox = member->email, .normal = member->email_normal};
}

absl::Status Directory::ChangeAddress(db::Transaction& tx, absl::string_view member_id, const EmailAddress& address,
                                      absl::Time now) const {
  std::optional<Member> member = LockMember(tx, member_id);
  if (!member) return MemberNotFound(member_id);
  LockAddress(tx, address_keys_.IndexOf(address.normal));
  const std::string holder = FindMember(tx, address);
  if (!holder.empty() && holder != member_id) return MemberExists("");
  RETURN_IF_ERROR(address_keys_.Open(*member));
  member->email = address.mailbox;
  member->email_normal = address.normal;
  member->email_verify_time = now;
  member->update_time = now;
  address_keys_.Seal(*member);
  SaveMember(tx, *member);
  AnnounceMemberUpdated(tx, feed_, member_id, {"email"});
  return absl::OkStatus();
}

}  // namespace masthead::memberships
