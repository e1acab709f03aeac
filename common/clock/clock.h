// The time, as something that a test can own.
#pragma once

#include "absl/base/thread_annotations.h"
#include "absl/time/time.h"
#include "common/base/mutex.h"

namespace masthead {

// Thread-safe. What is due is decided by the database's clock (db_now() of the schema); a Clock serves code that
// computes with time.
class Clock {
 public:
  virtual ~Clock() = default;
  virtual absl::Time Now() const = 0;

  static const Clock& System();
};

// Stands still until moved. For tests, and for anything that replays.
class ManualClock final : public Clock {
 public:
  explicit ManualClock(absl::Time start);
  absl::Time Now() const override;
  void Set(absl::Time now);
  void Advance(absl::Duration by);

 private:
  mutable Mutex mutex_;
  absl::Time now_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace masthead
