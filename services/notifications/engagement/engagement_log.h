// Opens and clicks on their way to the database, a second's worth at a time: a reader who follows a link does not wait
// for a transaction, and a million who look at one letter are few statements. What was noted and not yet written is
// lost with the process.
#pragma once

#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/statusor.h"
#include "common/base/mutex.h"
#include "common/base/scope.h"
#include "common/db/database.h"
#include "services/notifications/engagement/engagement.h"

namespace masthead::notifications {

class EngagementLog {
 public:
  // `database` outlives this.
  explicit EngagementLog(db::Database& database) : database_(database) {}

  // From any thread. When more is noted than can be written, what comes last is not counted.
  void Note(Engagement engagement);

  // Writes what was noted; never says that there is more. What could not be written is tried again next time.
  absl::StatusOr<bool> Step(const Cancellation& stopping);

 private:
  db::Database& database_;
  Mutex mutex_;
  std::vector<Engagement> noted_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace masthead::notifications
