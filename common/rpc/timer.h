// Calls back at a time, on one thread for all.
#pragma once

#include <functional>
#include <queue>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/time/time.h"
#include "common/base/mutex.h"

namespace masthead::rpc {

// Callbacks are short and never block; there is no way to take one back, so they check whether they still matter.
class Timer {
 public:
  Timer();
  ~Timer();  // Drops what is not due.

  void At(absl::Time time, std::function<void()> callback);

 private:
  struct Entry {
    absl::Time time;
    std::function<void()> callback;
    bool operator>(const Entry& other) const { return time > other.time; }
  };

  void Loop();

  Mutex mutex_;
  CondVar changed_;
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  std::priority_queue<Entry, std::vector<Entry>, std::greater<>> entries_ ABSL_GUARDED_BY(mutex_);
  std::thread thread_;
};

}  // namespace masthead::rpc
