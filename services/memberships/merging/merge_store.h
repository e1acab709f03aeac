// What hangs on a member moves to another one, in Postgres.
#pragma once

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/db/database.h"

namespace masthead::memberships {

// A live subscription of each of two members, for the same thing.
struct SubscriptionConflict {
  std::string kept_id;    // Of the member that stays.
  std::string merged_id;  // Of the one that goes.
};
std::vector<SubscriptionConflict> FindConflicts(db::Transaction& tx, absl::string_view kept, absl::string_view merged);

// Moves what `merged` has, gave and was charged to `kept`; both are locked, and have no conflict left. The ledger and
// the history stay where they are. A grant of `merged` that has the ID of one of `kept` gets a new one, and one that
// the same thing gives to both is given once.
void MoveBelongings(db::Transaction& tx, absl::string_view kept, absl::string_view merged, absl::Time now);

// Names that were merged into `merged` stand for `kept`.
void MoveFormerNames(db::Transaction& tx, absl::string_view kept, absl::string_view merged);

}  // namespace masthead::memberships
