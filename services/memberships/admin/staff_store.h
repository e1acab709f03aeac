// Staff in Postgres.
#pragma once

#include <optional>
#include <vector>

#include "absl/strings/string_view.h"
#include "common/db/database.h"
#include "services/memberships/admin/staff_member.h"

namespace masthead::memberships {

// False if the ID or the address is taken.
bool InsertStaffMember(db::Transaction& tx, const StaffMember& person);

std::optional<StaffMember> LoadStaffMember(db::Transaction& tx, absl::string_view id);
std::optional<StaffMember> LoadStaffMemberByEmail(db::Transaction& tx, absl::string_view email_normal);

// As LoadStaffMember, and nobody else can write the entry until `tx` ends.
std::optional<StaffMember> LockStaffMember(db::Transaction& tx, absl::string_view id);

// Until `tx` ends nobody else can give the address to a member of staff.
void LockStaffAddress(db::Transaction& tx, absl::string_view email_normal);

// Stores all of `person`, which `tx` has locked, and raises its revision.
void SaveStaffMember(db::Transaction& tx, StaffMember& person);

// By ID, after `after`.
std::vector<StaffMember> LoadStaffMembers(db::Transaction& tx, absl::string_view after, int limit);

}  // namespace masthead::memberships
