#include "services/articles/workers/repeating_thread.h"

#include <utility>

#include "absl/time/clock.h"

namespace masthead::articles {
namespace {

// Bounds one piece of work, so that a frozen database does not hold the thread.
constexpr absl::Duration kMaxWork = absl::Seconds(10);

}  // namespace

RepeatingThread::RepeatingThread(std::function<absl::Duration(const Scope&)> work) : work_(std::move(work)) {}

RepeatingThread::~RepeatingThread() { Stop(); }

void RepeatingThread::Start() {
  thread_ = std::thread([this] { Loop(); });
}

void RepeatingThread::Stop() {
  {
    MutexLock lock(mutex_);
    stopping_ = true;
    stopped_.NotifyAll();
  }
  cancellation_.Cancel();
  if (thread_.joinable()) thread_.join();
}

void RepeatingThread::Loop() {
  for (;;) {
    const absl::Duration pause = work_({.deadline = absl::Now() + kMaxWork, .cancellation = &cancellation_});
    const absl::Time next = absl::Now() + pause;
    MutexLock lock(mutex_);
    while (!stopping_ && stopped_.WaitUntil(mutex_, next)) {
    }
    if (stopping_) return;
  }
}

}  // namespace masthead::articles
