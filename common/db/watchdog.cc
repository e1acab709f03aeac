#include "common/db/watchdog.h"

#include <sys/socket.h>

#include <algorithm>

#include "absl/time/clock.h"

namespace masthead::db {
namespace {

// How often a cancellation, which tells nobody, is looked at.
constexpr absl::Duration kGlance = absl::Milliseconds(10);

absl::Time NextLook(const Scope& scope, absl::Time now) {
  return scope.cancellation == nullptr ? scope.deadline : std::min(scope.deadline, now + kGlance);
}

}  // namespace

Watchdog::Watchdog() : thread_([this] { Run(); }) {}

Watchdog::~Watchdog() {
  {
    MutexLock lock(mutex_);
    stopping_ = true;
  }
  changed_.NotifyOne();
  thread_.join();
}

void Watchdog::Run() {
  MutexLock lock(mutex_);
  while (!stopping_) {
    next_look_ = CutEnded(absl::Now());
    changed_.WaitUntil(mutex_, next_look_);
  }
}

absl::Time Watchdog::CutEnded(absl::Time now) {
  absl::Time next = absl::InfiniteFuture();
  for (Watched& watched : watched_) {
    if (watched.cut) continue;
    if (watched.scope.cancelled() || watched.scope.deadline <= now) {
      shutdown(watched.socket, SHUT_RDWR);
      watched.cut = true;
    } else {
      next = std::min(next, NextLook(watched.scope, now));
    }
  }
  return next;
}

Watchdog::Watch::Watch(Watchdog& watchdog, int socket, const Scope& scope) : watchdog_(watchdog) {
  MutexLock lock(watchdog_.mutex_);
  entry_ = watchdog_.watched_.insert(watchdog_.watched_.end(), Watched{socket, scope});
  // A busy server's watchdog looks every few milliseconds anyway; it is woken only where that would be too late.
  if (NextLook(scope, absl::Now()) < watchdog_.next_look_) watchdog_.changed_.NotifyOne();
}

bool Watchdog::Watch::End() {
  if (ended_) return cut_;
  MutexLock lock(watchdog_.mutex_);
  cut_ = entry_->cut;
  watchdog_.watched_.erase(entry_);
  ended_ = true;
  return cut_;
}

}  // namespace masthead::db
