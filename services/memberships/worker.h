// What the service does unasked: announcing what time and numbers changed, billing what is due, and forgetting what no
// longer counts. The rows are the jobs; every replica runs this, and any of them may stop at any moment.
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

  void Start();
  // Waits for the steps under way.
  void Stop();

 private:
  // All that is due; gives the time until it is worth looking again.
  absl::Duration AnnounceChanges(const Scope& scope);
  absl::Duration BillSubscriptions(const Scope& scope);

  db::Database& database_;
  events::Feed& feed_;
  worker::RepeatingThread thread_;
  worker::RepeatingThread billing_;
  worker::RepeatingThread clearing_;
};

}  // namespace masthead::memberships
