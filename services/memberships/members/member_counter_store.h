// The number of active members, kept by those who change it.
#pragma once

#include <cstdint>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/db/database.h"

namespace masthead::memberships {

// `by` is 1 or -1. The member's ID spreads the load over the rows of the counter.
void CountMember(db::Transaction& tx, absl::string_view member_id, int by);

int64_t LoadMemberCount(db::Transaction& tx);

// False if the milestone was reached before.
bool InsertMilestone(db::Transaction& tx, int64_t members, absl::Time now);

}  // namespace masthead::memberships
