// Threads that run handlers, so that a query never blocks a gRPC thread.
#pragma once

#include <deque>
#include <functional>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/time/time.h"
#include "common/base/mutex.h"

namespace masthead::rpc {

// The queue is bounded by count and by time: work that cannot start soon is better refused now than answered after its
// deadline. How long work will wait is told from how much is queued and how long work took of late, so that a slow
// database shortens the queue by itself.
class Executor {
 public:
  // `max_wait`: how long work may have to wait for a thread.
  Executor(int threads, size_t max_queued, absl::Duration max_wait);
  ~Executor();  // Runs what is queued, then joins.

  // Returns false if the queue is full, or if the work is not likely to start before `patience` or the executor's own
  // has passed. Never blocks for longer than it takes to queue.
  [[nodiscard]] bool TrySubmit(std::function<void()> work, absl::Duration patience = absl::InfiniteDuration());

 private:
  void Loop();
  absl::Duration ExpectedWait() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const size_t max_queued_;
  const absl::Duration max_wait_;
  Mutex mutex_;
  CondVar changed_;
  std::deque<std::function<void()>> queue_ ABSL_GUARDED_BY(mutex_);
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  absl::Duration usual_run_ ABSL_GUARDED_BY(mutex_);  // A moving average; zero until something has run.
  std::vector<std::thread> threads_;
};

}  // namespace masthead::rpc
