// Threads that run handlers, so that a query never blocks a gRPC thread.
#pragma once

#include <deque>
#include <functional>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "common/base/mutex.h"

namespace masthead::rpc {

// The queue is bounded: work that cannot start soon is better refused now than answered after its deadline.
class Executor {
 public:
  Executor(int threads, size_t max_queued);
  ~Executor();  // Runs what is queued, then joins.

  // Returns false if the queue is full.
  [[nodiscard]] bool TrySubmit(std::function<void()> work);

 private:
  void Loop();

  const size_t max_queued_;
  Mutex mutex_;
  CondVar changed_;
  std::deque<std::function<void()>> queue_ ABSL_GUARDED_BY(mutex_);
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  std::vector<std::thread> threads_;
};

}  // namespace masthead::rpc
