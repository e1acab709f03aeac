// Members in Postgres. Functions, not a class: all state is in the transaction.
//
// What is personal comes and goes sealed: AddressKeys::Open a member whose address is needed, AddressKeys::Seal one
// whose address, name, note or custom fields were written.
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

// A member from a row with all columns; sealed.
Member ReadMember(const pqxx::row& row);

// False if an active member has the address, or any member the ID. `member` is sealed.
bool InsertMember(db::Transaction& tx, const Member& member);

// In any state, and as it is: a merged one too.
std::optional<Member> LoadMember(db::Transaction& tx, absl::string_view id);

// In any state; for one that was merged, who stands for it.
std::optional<Member> ResolveMember(db::Transaction& tx, absl::string_view id);

// The active member with the address, by AddressKeys::IndexOf.
std::optional<Member> LoadMemberByAddress(db::Transaction& tx, const std::string& address_index);

// The active member into whom one with the address was merged.
std::optional<Member> LoadMemberByFormerAddress(db::Transaction& tx, const std::string& address_index);

// As LoadMember, active ones only; nobody else can write the member or what hangs on it until `tx` ends.
std::optional<Member> LockMember(db::Transaction& tx, absl::string_view id);

// The same in any state.
std::optional<Member> LockMemberInAnyState(db::Transaction& tx, absl::string_view id);

// Until `tx` ends nobody else can take the address: whoever gives one to a member calls this, then looks who has it.
void LockAddress(db::Transaction& tx, const std::string& address_index);

// Stores all of `member`, which `tx` has locked, and raises its revision.
void SaveMember(db::Transaction& tx, Member& member);

// The member reads what is sent to the address. Raises the revision the first time; whoever calls has locked the
// member.
void MarkEmailVerified(db::Transaction& tx, absl::string_view member_id, absl::Time now);

// Counts one more event about the member, whom `tx` has locked or inserted, and gives its number.
int64_t RaiseEventRevision(db::Transaction& tx, absl::string_view id);

// Names that were merged into the member, sorted: at most `limit`.
std::vector<std::string> LoadMergedFrom(db::Transaction& tx, absl::string_view id, int limit);

// Whether somebody who had the address asked to be forgotten.
bool IsErasedAddress(db::Transaction& tx, const std::string& address_index);

// The owner of the address is back, by own will: it may be registered again.
void AdmitErasedAddress(db::Transaction& tx, const std::string& address_index);

}  // namespace masthead::memberships
