#include "common/clock/clock.h"

#include "absl/time/clock.h"

namespace masthead {
namespace {

class SystemClock final : public Clock {
 public:
  absl::Time Now() const override { return absl::Now(); }
};

}  // namespace

const Clock& Clock::System() {
  static const SystemClock clock;
  return clock;
}

ManualClock::ManualClock(absl::Time start) : now_(start) {}

absl::Time ManualClock::Now() const {
  MutexLock lock(mutex_);
  return now_;
}

void ManualClock::Set(absl::Time now) {
  MutexLock lock(mutex_);
  now_ = now;
}

void ManualClock::Advance(absl::Duration by) {
  MutexLock lock(mutex_);
  now_ += by;
}

}  // namespace masthead
