// Members in Postgres. Functions, not a class: all state is in the transaction.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/db/database.h"
#include "services/memberships/members/member.h"

namespace masthead::memberships {

// Where a page of members starts: after this one.
struct MemberCursor {
  absl::Time create_time;
  std::string id;
};

// False if an active member has the address, or any member the ID.
bool InsertMember(db::Transaction& tx, const Member& member);

std::optional<Member> LoadMember(db::Transaction& tx, absl::string_view id);

// The active member with the address.
std::optional<Member> LoadMemberByEmail(db::Transaction& tx, absl::string_view email_normal);

// As LoadMember, active ones only; nobody else can write the member or what hangs on it until `tx` ends.
std::optional<Member> LockMember(db::Transaction& tx, absl::string_view id);

// Until `tx` ends nobody else can take the address: whoever gives one to a member calls this, then looks who has it.
void LockAddress(db::Transaction& tx, absl::string_view email_normal);

// Stores all of `member`, which `tx` has locked, and raises its revision.
void SaveMember(db::Transaction& tx, Member& member);

// Counts one more event about the member, whom `tx` has locked or inserted, and gives its number.
int64_t RaiseEventRevision(db::Transaction& tx, absl::string_view id);

// Active members, the oldest registration first.
std::vector<Member> LoadMembers(db::Transaction& tx, const std::optional<MemberCursor>& after, int limit);

}  // namespace masthead::memberships
