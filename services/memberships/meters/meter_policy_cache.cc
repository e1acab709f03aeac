#include "services/memberships/meters/meter_policy_cache.h"

#include <utility>

#include "common/base/status_macros.h"
#include "services/memberships/meters/meter_policy_store.h"

namespace masthead::memberships {

absl::StatusOr<MeterPolicyCache::Policies> MeterPolicyCache::Get(const Scope& scope) {
  const absl::Time begin = clock_.Now();
  uint64_t generation = 0;
  {
    MutexLock lock(mutex_);
    // A clock that was put back makes nothing young again.
    if (kept_ != nullptr && begin >= load_time_ && begin - load_time_ < freshness_) return kept_;
    generation = generation_;
  }
  ASSIGN_OR_RETURN(std::vector<MeterPolicy> loaded,
                   database_.Single(scope, [](db::Transaction& tx) { return LoadMeterPoliciesInOrder(tx); }));
  auto policies = std::make_shared<const std::vector<MeterPolicy>>(std::move(loaded));
  MutexLock lock(mutex_);
  if (generation_ == generation) {
    kept_ = policies;
    load_time_ = begin;
  }
  return policies;
}

void MeterPolicyCache::Forget() {
  MutexLock lock(mutex_);
  ++generation_;
  kept_ = nullptr;
}

}  // namespace masthead::memberships
