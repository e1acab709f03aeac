// One of many callers who need the same does the work; the others wait for what it gets.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/base/errors.h"
#include "common/base/mutex.h"
#include "common/base/scope.h"

namespace masthead::articles {

// Thread-safe.
template <typename Value>
class SingleFlight {
 public:
  // Calls `work`, or waits for somebody who does for the same `key`, no longer than `scope`. A caller whose own time is
  // up does not spoil it for the others: one of them works again.
  absl::StatusOr<Value> Do(const std::string& key, const Scope& scope,
                           absl::FunctionRef<absl::StatusOr<Value>()> work) {
    for (;;) {
      bool leads = false;
      const std::shared_ptr<Flight> flight = Join(key, leads);
      if (leads) return Lead(key, *flight, work);
      MutexLock lock(flight->mutex);
      while (!flight->result.has_value()) {
        if (!flight->done.WaitUntil(flight->mutex, scope.deadline) && !flight->result.has_value()) {
          return MakeError(absl::StatusCode::kDeadlineExceeded, "the deadline passed",
                           {kCommonErrorDomain, "DEADLINE_PASSED"});
        }
      }
      const absl::Status& status = flight->result->status();
      if (!absl::IsDeadlineExceeded(status) && !absl::IsCancelled(status)) return *flight->result;
    }
  }

 private:
  struct Flight {
    Mutex mutex;
    CondVar done;
    std::optional<absl::StatusOr<Value>> result ABSL_GUARDED_BY(mutex);
  };

  std::shared_ptr<Flight> Join(const std::string& key, bool& leads) {
    MutexLock lock(mutex_);
    std::shared_ptr<Flight>& flight = flights_[key];
    leads = flight == nullptr;
    if (leads) flight = std::make_shared<Flight>();
    return flight;
  }

  absl::StatusOr<Value> Lead(const std::string& key, Flight& flight, absl::FunctionRef<absl::StatusOr<Value>()> work) {
    absl::StatusOr<Value> result = work();
    {
      MutexLock lock(mutex_);
      flights_.erase(key);
    }
    MutexLock lock(flight.mutex);
    flight.result = result;
    flight.done.NotifyAll();
    return result;
  }

  Mutex mutex_;
  std::map<std::string, std::shared_ptr<Flight>> flights_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace masthead::articles
