#include "services/articles/reading/breaker.h"

namespace masthead::articles {

bool Breaker::Admit() {
  const absl::Time now = clock_.Now();
  MutexLock lock(mutex_);
  if (failures_ < max_failures_) return true;
  if (now < next_try_) return false;
  // The next one asks only when this one should have come back.
  next_try_ = now + pause_;
  return true;
}

void Breaker::Report(bool succeeded) {
  const absl::Time now = clock_.Now();
  MutexLock lock(mutex_);
  failures_ = succeeded ? 0 : failures_ + 1;
  if (failures_ >= max_failures_) next_try_ = now + pause_;
}

}  // namespace masthead::articles
