// How far sending is behind, for those who watch it: masthead_delivery_oldest_waiting_seconds, by lane.
#pragma once

#include "absl/status/statusor.h"
#include "common/base/scope.h"
#include "common/db/database.h"

namespace masthead::notifications {

// Every replica may run one: they all tell the same, of the whole service.
class OldestWaiting {
 public:
  // `database` outlives this.
  explicit OldestWaiting(db::Database& database) : database_(database) {}

  // Sets, for each lane, the age of the oldest message that somebody has yet to be told for the first time; 0 if there
  // is none. What was deferred does not count, nor what is paused. False: there is nothing to do at once.
  absl::StatusOr<bool> Step(const Cancellation& stopping);

 private:
  db::Database& database_;
};

}  // namespace masthead::notifications
