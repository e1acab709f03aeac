// What the service does unasked: announcing what time changed, and forgetting what need not be kept. The rows are the
// jobs; every replica runs this, and any of them may stop at any moment.
#pragma once

#include <thread>

#include "absl/base/thread_annotations.h"
#include "absl/time/time.h"
#include "common/base/mutex.h"
#include "common/base/scope.h"
#include "common/db/database.h"
#include "common/events/feed.h"

namespace masthead::memberships {

class Worker {
 public:
  Worker(db::Database& database, events::Feed& feed) : database_(database), feed_(feed) {}
  ~Worker() { Stop(); }

  void Start();
  // Waits for the step under way.
  void Stop();

 private:
  void Loop();
  void AnnounceChanges();
  void Forget();
  // Until `pause` has passed or Stop() was called; true if it was.
  bool StoppedWithin(absl::Duration pause);

  db::Database& database_;
  events::Feed& feed_;
  Cancellation cancellation_;
  Mutex mutex_;
  CondVar changed_;
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

}  // namespace masthead::memberships
