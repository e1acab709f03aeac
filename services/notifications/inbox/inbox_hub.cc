#include "services/notifications/inbox/inbox_hub.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "absl/time/clock.h"
#include "common/base/status_macros.h"
#include "services/notifications/inbox/inbox_store.h"

namespace masthead::notifications {
namespace {

constexpr absl::Duration kLeastPause = absl::Milliseconds(50);
constexpr absl::Duration kPatience = absl::Seconds(10);
constexpr size_t kInboxesAtATime = 10000;

}  // namespace

InboxHub::Watch InboxHub::Follow(int64_t recipient_number) {
  MutexLock lock(mutex_);
  std::weak_ptr<std::atomic<int64_t>>& known = watches_[recipient_number];
  Watch watch = known.lock();
  if (watch == nullptr) {
    watch = std::make_shared<std::atomic<int64_t>>(0);
    known = watch;
  }
  return watch;
}

std::map<int64_t, InboxHub::Watch> InboxHub::Followed() {
  std::map<int64_t, Watch> followed;
  MutexLock lock(mutex_);
  for (auto it = watches_.begin(); it != watches_.end();) {
    if (Watch watch = it->second.lock()) {
      followed.emplace(it->first, std::move(watch));
      ++it;
    } else {
      it = watches_.erase(it);
    }
  }
  return followed;
}

absl::StatusOr<bool> InboxHub::Step(const Cancellation&) {
  absl::SleepFor(std::max(absl::ZeroDuration(), last_look_ + kLeastPause - absl::Now()));
  last_look_ = absl::Now();
  const std::map<int64_t, Watch> followed = Followed();
  std::vector<int64_t> numbers;
  bool news = false;
  const auto look = [&]() -> absl::Status {
    ASSIGN_OR_RETURN(const auto seqs, database_.Single({.deadline = absl::Now() + kPatience}, [&](db::Transaction& tx) {
      return LoadInboxSeqs(tx, numbers);
    }));
    for (const auto& [number, seq] : seqs) {
      if (followed.at(number)->exchange(seq) != seq) news = true;
    }
    numbers.clear();
    return absl::OkStatus();
  };
  for (const auto& [number, watch] : followed) {
    numbers.push_back(number);
    if (numbers.size() == kInboxesAtATime) RETURN_IF_ERROR(look());
  }
  if (!numbers.empty()) RETURN_IF_ERROR(look());
  if (news) news_.Ring();
  return false;
}

}  // namespace masthead::notifications
