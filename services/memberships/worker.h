// What the service does unasked: announcing what time and numbers changed. The rows are the jobs; every replica runs
// this, and any of them may stop at any moment.
#pragma once

#include "absl/time/time.h"
#include "common/base/scope.h"
#include "common/db/database.h"
#include "common/events/feed.h"
#include "common/worker/repeating_thread.h"

namespace masthead::memberships {

class Worker {
 public:
  Worker(db::Database& database, events::Feed& feed);

  void Start() { thread_.Start(); }
  // Waits for the step under way.
  void Stop() { thread_.Stop(); }

 private:
  // All that is due; gives the time until it is worth looking again.
  absl::Duration AnnounceChanges(const Scope& scope);

  db::Database& database_;
  events::Feed& feed_;
  worker::RepeatingThread thread_;
};

}  // namespace masthead::memberships
