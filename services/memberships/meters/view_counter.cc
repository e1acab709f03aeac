#include "services/memberships/meters/view_counter.h"

#include <algorithm>
#include <string>
#include <utility>

#include "absl/time/clock.h"
#include "common/base/status_macros.h"

namespace masthead::memberships {
namespace {

constexpr size_t kMostTogether = 100;
// How often one who waits looks whether its own caller has gone.
constexpr absl::Duration kGlance = absl::Milliseconds(50);

}  // namespace

absl::Status ViewCounter::WaitForTurnOrAnswer(const Scope& scope, Caller& caller) {
  while (caller.state != Caller::State::kIsAnswered) {
    if (caller.state == Caller::State::kWaits && !under_way_) break;
    const absl::Time now = absl::Now();
    absl::Status over;
    if (scope.cancelled()) over = absl::CancelledError("the caller went away");
    if (now >= scope.deadline) over = absl::DeadlineExceededError("the call's deadline passed");
    if (!over.ok()) {
      Leave(caller);
      return over;
    }
    caller.changed.WaitUntil(mutex_, std::min(scope.deadline, now + kGlance));
  }
  return absl::OkStatus();
}

ViewCounter::Callers ViewCounter::Take(const std::shared_ptr<Caller>& self) {
  std::erase(waiting_, self);
  Callers together = {self};
  Callers left;
  for (std::shared_ptr<Caller>& caller : waiting_) {
    const bool joins = !self->alone && !caller->alone && together.size() < kMostTogether;
    (joins ? together : left).push_back(std::move(caller));
  }
  waiting_ = std::move(left);
  for (const std::shared_ptr<Caller>& caller : together) caller->state = Caller::State::kIsTaken;
  return together;
}

void ViewCounter::Leave(Caller& caller) {
  caller.state = Caller::State::kIsGone;
  std::erase_if(waiting_, [&](const std::shared_ptr<Caller>& one) { return one.get() == &caller; });
  WakeNext();
}

// Also when somebody leaves: that may have been who was woken.
void ViewCounter::WakeNext() {
  if (!waiting_.empty() && !under_way_) waiting_.front()->changed.NotifyOne();
}

absl::StatusOr<std::optional<Meter>> ViewCounter::Count(const Scope& scope, NewView view) {
  const auto self = std::make_shared<Caller>(std::move(view));
  MutexLock lock(mutex_);
  waiting_.push_back(self);
  for (;;) {
    RETURN_IF_ERROR(WaitForTurnOrAnswer(scope, *self));
    if (self->state == Caller::State::kIsAnswered) return std::move(self->counted);
    const Callers together = Take(self);
    under_way_ = true;
    mutex_.Unlock();
    absl::StatusOr<std::vector<std::optional<Meter>>> counted = CountNow(scope, together);
    mutex_.Lock();
    under_way_ = false;
    Tell(together, counted);
    WakeNext();
    if (!counted.ok() && together.size() == 1) {
      Leave(*self);
      return counted.status();
    }
  }
}

absl::StatusOr<std::vector<std::optional<Meter>>> ViewCounter::CountNow(const Scope& scope, const Callers& together) {
  std::vector<NewView> views;
  for (const std::shared_ptr<Caller>& caller : together) views.push_back(caller->view);
  return database_.Single(scope, [&](db::Transaction& tx) { return CountViews(tx, views); });
}

void ViewCounter::Tell(const Callers& together, absl::StatusOr<std::vector<std::optional<Meter>>>& counted) {
  for (size_t i = 0; i < together.size(); ++i) {
    Caller& caller = *together[i];
    if (counted.ok()) {
      caller.counted = std::move((*counted)[i]);
      caller.state = Caller::State::kIsAnswered;
    } else if (caller.state != Caller::State::kIsGone) {
      caller.alone = true;
      caller.state = Caller::State::kWaits;
      waiting_.push_back(together[i]);
    }
    caller.changed.NotifyOne();
  }
}

}  // namespace masthead::memberships
