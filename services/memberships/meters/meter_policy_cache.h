// The meter policies, kept in memory for a moment, so that a counted view costs one statement.
//
// Nothing older than `freshness` is told, which also bounds how late another process's changes are seen. What this
// process changed it forgets at once, and policies that were being loaded during such a change are not kept.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/base/mutex.h"
#include "common/base/scope.h"
#include "common/clock/clock.h"
#include "common/db/database.h"
#include "services/memberships/meters/meter_policy.h"

namespace masthead::memberships {

// Thread-safe.
class MeterPolicyCache {
 public:
  // In the order in which they are asked.
  using Policies = std::shared_ptr<const std::vector<MeterPolicy>>;

  // Keeps nothing if `freshness` is zero.
  MeterPolicyCache(db::Database& database, const Clock& clock, absl::Duration freshness)
      : database_(database), clock_(clock), freshness_(freshness) {}

  absl::StatusOr<Policies> Get(const Scope& scope);

  // A change was committed.
  void Forget();

  // What windows are foreseen by; Postgres has the last word.
  absl::Time Now() const { return clock_.Now(); }

 private:
  db::Database& database_;
  const Clock& clock_;
  const absl::Duration freshness_;
  Mutex mutex_;
  Policies kept_ ABSL_GUARDED_BY(mutex_);
  absl::Time load_time_ ABSL_GUARDED_BY(mutex_);  // Before they were read.
  uint64_t generation_ ABSL_GUARDED_BY(mutex_) = 0;
};

}  // namespace masthead::memberships
