// Counts the views of many readers together: whoever comes while a statement is under way waits, and all who wait go
// with the next, as a write-ahead log's commits do. At a paywall's rush that is a statement for many, not for each.
#pragma once

#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/base/mutex.h"
#include "common/base/scope.h"
#include "common/db/database.h"
#include "services/memberships/meters/meter.h"
#include "services/memberships/meters/meter_store.h"

namespace masthead::memberships {

// Thread-safe.
class ViewCounter {
 public:
  explicit ViewCounter(db::Database& database) : database_(database) {}

  // As CountViews of the store does with this one. Fails as its own statement would: where one for many failed, each is
  // tried alone.
  absl::StatusOr<std::optional<Meter>> Count(const Scope& scope, NewView view);

 private:
  // Shared, because a caller may leave while another has taken its view along.
  struct Caller {
    explicit Caller(NewView wanted) : view(std::move(wanted)) {}

    const NewView view;
    enum class State { kWaits, kIsTaken, kIsAnswered, kIsGone } state = State::kWaits;
    bool alone = false;
    std::optional<Meter> counted;
    CondVar changed;
  };
  using Callers = std::vector<std::shared_ptr<Caller>>;

  // OK once it is answered, or may take the others along itself.
  absl::Status WaitForTurnOrAnswer(const Scope& scope, Caller& caller) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // `self`, and of those who wait as many as one statement takes.
  Callers Take(const std::shared_ptr<Caller>& self) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  absl::StatusOr<std::vector<std::optional<Meter>>> CountNow(const Scope& scope, const Callers& together);
  // Gives each the answer, or has it wait for a turn alone.
  void Tell(const Callers& together, absl::StatusOr<std::vector<std::optional<Meter>>>& counted)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void Leave(Caller& caller) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void WakeNext() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  db::Database& database_;
  Mutex mutex_;
  Callers waiting_ ABSL_GUARDED_BY(mutex_);
  bool under_way_ ABSL_GUARDED_BY(mutex_) = false;
};

}  // namespace masthead::memberships
