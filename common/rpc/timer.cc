#include "common/rpc/timer.h"

#include <utility>

#include "absl/time/clock.h"

namespace masthead::rpc {

Timer::Timer() : thread_([this] { Loop(); }) {}

Timer::~Timer() {
  {
    MutexLock lock(mutex_);
    stopping_ = true;
  }
  changed_.NotifyAll();
  thread_.join();
}

void Timer::At(absl::Time time, std::function<void()> callback) {
  MutexLock lock(mutex_);
  const bool first = entries_.empty() || time < entries_.top().time;
  entries_.push({time, std::move(callback)});
  if (first) changed_.NotifyAll();
}

void Timer::Loop() {
  while (true) {
    std::function<void()> due;
    {
      MutexLock lock(mutex_);
      while (!stopping_ && (entries_.empty() || entries_.top().time > absl::Now())) {
        changed_.WaitUntil(mutex_, entries_.empty() ? absl::InfiniteFuture() : entries_.top().time);
      }
      if (stopping_) return;
      due = entries_.top().callback;
      entries_.pop();
    }
    due();
  }
}

}  // namespace masthead::rpc
