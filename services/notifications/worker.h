// A thread that does steps while there is work, and looks again now and then or when a bell rings. The row is the job:
// nothing is remembered here, and every replica runs every worker.
#pragma once

#include <functional>
#include <string>
#include <thread>

#include "absl/base/thread_annotations.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/base/mutex.h"
#include "common/base/scope.h"
#include "common/rpc/stream.h"

namespace masthead::notifications {

class Worker {
 public:
  // Does one step; whether there may be more to do at once. An error, or an exception, is logged and tried again after
  // a pause.
  using Step = std::function<absl::StatusOr<bool>(const Cancellation& stopping)>;

  // `bell` may be null; it outlives this.
  Worker(std::string name, Step step, absl::Duration poll, rpc::Bell* bell);
  ~Worker();  // Stops.

  void Start();
  // Ends the step under way as its scope says, and joins.
  void Stop();

 private:
  void Loop();
  void Wait(absl::Duration pause);

  const std::string name_;
  const Step step_;
  const absl::Duration poll_;
  rpc::Bell* const bell_;
  Cancellation stopping_;
  Mutex mutex_;
  CondVar changed_;
  bool woken_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

}  // namespace masthead::notifications
