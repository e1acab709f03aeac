// A thread that does a piece of work again and again. Every replica has it; what is to be done is in the database.
#pragma once

#include <functional>
#include <string>
#include <thread>

#include "absl/base/thread_annotations.h"
#include "absl/time/time.h"
#include "common/base/mutex.h"
#include "common/base/scope.h"

namespace masthead::worker {

class RepeatingThread {
 public:
  // `work` gives the time until it is to be called again; what it throws is logged under `name`, and it is called
  // again. Its scope is cancelled by Stop().
  RepeatingThread(std::string name, std::function<absl::Duration(const Scope&)> work);
  ~RepeatingThread();

  void Start();
  // Waits for the work in hand.
  void Stop();

 private:
  void Loop();

  const std::string name_;
  const std::function<absl::Duration(const Scope&)> work_;
  Cancellation cancellation_;
  Mutex mutex_;
  CondVar stopped_;
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

}  // namespace masthead::worker
