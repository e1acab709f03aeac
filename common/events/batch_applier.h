// Applies batches of a source: all of a batch in one transaction as long as that works, else one event at a time, with
// tries counted and events parked that use theirs up.
#pragma once

#include <functional>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/base/mutex.h"
#include "common/base/scope.h"
#include "common/db/database.h"
#include "common/events/consumer_options.h"
#include "common/events/consumer_store.h"
#include "common/telemetry/metrics.h"

namespace masthead::events {

// Thread-safe; one batch at a time.
class BatchApplier {
 public:
  // `wait` pauses between tries, and returns early when the consumer stops.
  BatchApplier(db::Database& database, ConsumerStore& store, const ConsumerOptions& options,
               std::function<void(absl::Duration)> wait);

  // Applies `batch`, which follows `position`, and moves the cursor to its end. CANCELLED if another replica moved the
  // cursor meanwhile: read it again. UNAVAILABLE if our database is. Other errors are those of `prepare`.
  absl::Status Apply(const Scope& scope, const std::string& position, const SourceBatch& batch);

  // Applies parked events, each resource's in order until one fails. Returns how many were.
  absl::StatusOr<int> RetryParked(const Scope& scope);

 private:
  absl::Status ApplyTogether(const Scope& scope, const std::string& position, const SourceBatch& batch)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  struct Outcome {
    int applied = 0;
    int parked = 0;
    size_t parked_before = 0;
  };
  // Applies those events of `batch` that were neither applied nor parked before.
  absl::StatusOr<Outcome> ApplyFresh(db::Transaction& tx, const SourceBatch& batch)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  absl::Status ApplySingly(const Scope& scope, std::string position, const SourceBatch& batch)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  absl::Status TryEvent(const Scope& scope, const std::string& position, const Record& event)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  absl::Status ParkEvent(const Scope& scope, const std::string& position, const Record& event, int attempts,
                         const std::string& error);
  absl::Status Prepare(const Scope& scope, const SourceBatch& batch) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // An exception of the service's functions is an error like any other: it must not end the process.
  absl::Status WriteSafely(const Scope& scope, absl::FunctionRef<absl::Status(db::Transaction&)> body);
  absl::Status InTransaction(db::Transaction& tx, const Record& event);

  db::Database& database_;
  ConsumerStore& store_;
  const ConsumerOptions& options_;
  const std::function<void(absl::Duration)> wait_;
  prometheus::Counter& applied_;
  prometheus::Counter& duplicates_;
  prometheus::Counter& parked_;
  prometheus::Gauge& parked_now_;

  // Held while events are prepared and applied: the service's functions run on one thread at a time.
  Mutex mutex_;
  // Whether to go one event at a time from the start: true for the first batch of a process, so that an event that
  // killed the one before is counted.
  bool careful_ ABSL_GUARDED_BY(mutex_) = true;
};

}  // namespace masthead::events
