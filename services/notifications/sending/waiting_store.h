// The database: what waits to be handed over.
#pragma once

#include <string>
#include <vector>

#include "absl/time/time.h"
#include "common/db/database.h"

namespace masthead::notifications {

struct LaneAge {
  std::string lane;
  absl::Duration age;  // Zero if nothing waits.
};

// For each lane, the age of the oldest message that somebody has yet to be told for the first time. What was deferred
// does not count, nor what is paused.
std::vector<LaneAge> LoadOldestWaiting(db::Transaction& tx);

}  // namespace masthead::notifications
