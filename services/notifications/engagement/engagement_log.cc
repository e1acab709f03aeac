#include "services/notifications/engagement/engagement_log.h"

#include <utility>

#include "absl/time/clock.h"
#include "services/notifications/engagement/engagement_store.h"

namespace masthead::notifications {
namespace {

constexpr size_t kMaxNoted = 100'000;  // Some tens of MB.
constexpr absl::Duration kPatience = absl::Seconds(10);

}  // namespace

void EngagementLog::Note(Engagement engagement) {
  MutexLock lock(mutex_);
  if (noted_.size() < kMaxNoted) noted_.push_back(std::move(engagement));
}

absl::StatusOr<bool> EngagementLog::Step(const Cancellation& stopping) {
  std::vector<Engagement> batch;
  {
    MutexLock lock(mutex_);
    batch.swap(noted_);
  }
  if (batch.empty()) return false;
  const Scope scope = {.deadline = absl::Now() + kPatience, .cancellation = &stopping};
  const absl::Status status = database_.Write(scope, [&](db::Transaction& tx) {
    SaveEngagements(tx, batch);
    return absl::OkStatus();
  });
  if (status.ok()) return false;
  MutexLock lock(mutex_);
  if (noted_.size() + batch.size() <= kMaxNoted) noted_.insert(noted_.end(), batch.begin(), batch.end());
  return status;
}

}  // namespace masthead::notifications
