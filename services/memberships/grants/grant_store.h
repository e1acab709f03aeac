// Grants in Postgres.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/db/database.h"
#include "services/memberships/grants/grant.h"

namespace masthead::memberships {

// Where a page of grants starts: after this one.
struct GrantCursor {
  absl::Time create_time;
  std::string id;
};

// False if the member has a grant with this ID. `now` decides what is due next.
bool InsertGrant(db::Transaction& tx, const Grant& grant, absl::Time now);

std::optional<Grant> LoadGrant(db::Transaction& tx, absl::string_view member_id, absl::string_view id);

// Stores a revocation and raises the revision. `tx` has locked the member.
void SaveGrant(db::Transaction& tx, Grant& grant, absl::Time now);

// The newest first.
std::vector<Grant> LoadGrants(db::Transaction& tx, absl::string_view member_id,
                              const std::optional<GrantCursor>& before, int limit);

// Those that run or are scheduled.
std::vector<Grant> LoadOpenGrants(db::Transaction& tx, absl::string_view member_id);
std::map<std::string, std::vector<Grant>> LoadOpenGrantsOf(db::Transaction& tx,
                                                           const std::vector<std::string>& member_ids);

// Those that were open at `since` or later.
std::vector<Grant> LoadGrantsOpenSince(db::Transaction& tx, absl::string_view member_id, absl::Time since);

// Members of whose grants some changed by time alone, and nobody has announced it; the earliest change of each.
// Locked until `tx` ends; those that another replica works on are passed over. Deleted members too.
struct DueMember {
  std::string id;
  bool active;
  absl::Time due_time;
};
std::vector<DueMember> LockDueMembers(db::Transaction& tx, int limit);

// Sets what is due next for each grant of the member where something was due; whether there was any.
bool AdvanceDueGrants(db::Transaction& tx, absl::string_view member_id);

}  // namespace masthead::memberships
