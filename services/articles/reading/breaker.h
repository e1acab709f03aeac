// Spares a service that does not answer, and spares those who would wait for it.
#pragma once

#include "absl/base/thread_annotations.h"
#include "absl/time/time.h"
#include "common/base/mutex.h"
#include "common/clock/clock.h"

namespace masthead::articles {

// Closed until so many calls in a row have failed; then open: nobody calls for a while; then one call is let through,
// and its outcome closes the breaker or keeps it open for another while. Thread-safe.
class Breaker {
 public:
  Breaker(const Clock& clock, int max_failures, absl::Duration pause)
      : clock_(clock), max_failures_(max_failures), pause_(pause) {}

  // Whether to call. Whoever is told to reports the outcome.
  [[nodiscard]] bool Admit();
  void Report(bool succeeded);

 private:
  const Clock& clock_;
  const int max_failures_;
  const absl::Duration pause_;
  Mutex mutex_;
  int failures_ ABSL_GUARDED_BY(mutex_) = 0;
  absl::Time next_try_ ABSL_GUARDED_BY(mutex_) = absl::InfinitePast();
};

}  // namespace masthead::articles
