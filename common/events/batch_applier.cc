#include "common/events/batch_applier.h"

#include <algorithm>
#include <set>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "common/failpoint/failpoint.h"
#include "common/rpc/call_runner.h"
#include "common/telemetry/log.h"
#include "common/telemetry/trace.h"

namespace masthead::events {
namespace {

constexpr absl::Duration kFirstPause = absl::Milliseconds(50);
// Eight tries take less than four seconds: the other resources wait that long behind a bad event, once.
constexpr absl::Duration kLongestPause = absl::Seconds(1);

// Not the event's fault: our database is away, we are stopping, or another replica is at work.
bool IsOutsideCause(const absl::Status& status) { return absl::IsUnavailable(status) || absl::IsCancelled(status); }

prometheus::Counter& EventCounter(const std::string& source, const std::string& outcome) {
  return telemetry::Counter("masthead_consumer_events_total", "Events of a source by what became of them.",
                            {{"source", source}, {"outcome", outcome}});
}

}  // namespace

BatchApplier::BatchApplier(db::Database& database, ConsumerStore& store, const ConsumerOptions& options,
                           std::function<void(absl::Duration)> wait)
    : database_(database),
      store_(store),
      options_(options),
      wait_(std::move(wait)),
      applied_(EventCounter(options.source, "applied")),
      duplicates_(EventCounter(options.source, "duplicate")),
      parked_(EventCounter(options.source, "parked")),
      parked_now_(telemetry::Gauge("masthead_consumer_parked_events", "Events waiting for somebody to look at them.",
                                   {{"source", options.source}})) {}

absl::Status BatchApplier::Apply(const Scope& scope, const std::string& position, const SourceBatch& batch) {
  MutexLock lock(mutex_);
  if (batch.records.empty()) return ApplyTogether(scope, position, batch);
  RETURN_IF_ERROR(Prepare(scope, batch));
  if (!careful_) {
    const absl::Status status = ApplyTogether(scope, position, batch);
    if (status.ok() || IsOutsideCause(status)) return status;
    telemetry::Warning("batch failed, applying its events one at a time",
                       {{"source", options_.source}, {"status", status.ToString()}});
  }
  careful_ = true;
  RETURN_IF_ERROR(ApplySingly(scope, position, batch));
  careful_ = false;
  return absl::OkStatus();
}

absl::Status BatchApplier::Prepare(const Scope& scope, const SourceBatch& batch) {
  if (options_.prepare == nullptr) return absl::OkStatus();
  return rpc::Firewall(options_.source, [&] { return options_.prepare(scope, batch); });
}

absl::Status BatchApplier::WriteSafely(const Scope& scope, absl::FunctionRef<absl::Status(db::Transaction&)> body) {
  return rpc::Firewall(options_.source, [&] { return database_.Write(scope, body); });
}

absl::Status BatchApplier::InTransaction(db::Transaction& tx, const Record& event) {
  const telemetry::TraceScope trace(telemetry::TraceContext::ChildOf(event.traceparent));
  RETURN_IF_ERROR(options_.apply(tx, event));
  failpoint::Hit("consumer.applied");
  return absl::OkStatus();
}

absl::Status BatchApplier::ApplyTogether(const Scope& scope, const std::string& position, const SourceBatch& batch) {
  Outcome outcome;
  const absl::Status status = WriteSafely(scope, [&](db::Transaction& tx) -> absl::Status {
    outcome = {};
    const std::string at = store_.LockCursor(tx);
    // At the batch's end already: that was us, and the answer to the commit was lost, or another replica with the same
    // batch.
    if (at == batch.cursor && at != position) return absl::OkStatus();
    if (at != position) return absl::CancelledError("another replica moved the cursor");

    if (!batch.records.empty()) {
      failpoint::Hit("consumer.received");
      ASSIGN_OR_RETURN(outcome, ApplyFresh(tx, batch));
    }
    failpoint::Around("consumer.commit", [&] { store_.SaveCursor(tx, batch.cursor); });
    return absl::OkStatus();
  });
  if (!status.ok() || batch.records.empty()) return status;
  applied_.Increment(outcome.applied);
  parked_.Increment(outcome.parked);
  duplicates_.Increment(static_cast<double>(batch.records.size()) - outcome.applied - outcome.parked);
  parked_now_.Set(static_cast<double>(outcome.parked_before) + outcome.parked);
  return absl::OkStatus();
}

absl::StatusOr<BatchApplier::Outcome> BatchApplier::ApplyFresh(db::Transaction& tx, const SourceBatch& batch) {
  std::vector<std::string> event_ids;
  for (const Record& event : batch.records) event_ids.push_back(event.event_id);
  const ConsumerStore::Parked held = store_.LoadParked(tx);
  Outcome outcome = {.parked_before = held.event_ids.size()};
  std::set<std::string> done = store_.LoadApplied(tx, event_ids);
  std::vector<std::string> fresh;
  for (const Record& event : batch.records) {
    if (done.contains(event.event_id) || held.event_ids.contains(event.event_id)) continue;
    done.insert(event.event_id);
    if (held.resources.contains(event.resource)) {
      store_.Park(tx, event, 0, "an earlier event of this resource is parked");
      ++outcome.parked;
      continue;
    }
    RETURN_IF_ERROR(InTransaction(tx, event));
    fresh.push_back(event.event_id);
  }
  store_.InsertInbox(tx, fresh);
  if (careful_) {
    for (const std::string& event_id : event_ids) store_.RemoveAttempts(tx, event_id);
  }
  outcome.applied = static_cast<int>(fresh.size());
  return outcome;
}

absl::Status BatchApplier::ApplySingly(const Scope& scope, std::string position, const SourceBatch& batch) {
  for (const Record& event : batch.records) {
    RETURN_IF_ERROR(TryEvent(scope, position, event));
    position = event.cursor;
  }
  return position == batch.cursor ? absl::OkStatus()
                                  : ApplyTogether(scope, position, {.records = {}, .cursor = batch.cursor});
}

absl::Status BatchApplier::TryEvent(const Scope& scope, const std::string& position, const Record& event) {
  std::string error = "the process ended while applying it";
  for (absl::Duration pause = kFirstPause;; pause = std::min(pause * 2, kLongestPause)) {
    ASSIGN_OR_RETURN(const int attempt, database_.Write(scope, [&](db::Transaction& tx) {
      return store_.CountAttempt(tx, event.event_id);
    }));
    if (attempt > options_.max_attempts) return ParkEvent(scope, position, event, options_.max_attempts, error);

    const absl::Status status = ApplyTogether(scope, position, {.records = {event}, .cursor = event.cursor});
    if (status.ok()) return status;
    error = status.ToString();
    const bool outside = IsOutsideCause(status);
    RETURN_IF_ERROR(database_.Write(scope, [&](db::Transaction& tx) {
      outside ? store_.RemoveAttempts(tx, event.event_id) : store_.SaveError(tx, event.event_id, error);
      return absl::OkStatus();
    }));
    if (outside) return status;
    if (attempt >= options_.max_attempts) return ParkEvent(scope, position, event, attempt, error);
    wait_(pause);
  }
}

absl::Status BatchApplier::ParkEvent(const Scope& scope, const std::string& position, const Record& event, int attempts,
                                     const std::string& error) {
  telemetry::Error("event parked", {{"source", options_.source},
                                    {"event_id", event.event_id},
                                    {"type", event.type},
                                    {"resource", event.resource},
                                    {"attempts", absl::StrCat(attempts)},
                                    {"error", error}});
  RETURN_IF_ERROR(database_.Write(scope, [&](db::Transaction& tx) -> absl::Status {
    const std::string at = store_.LockCursor(tx);
    if (at == event.cursor) return absl::OkStatus();
    if (at != position) return absl::CancelledError("another replica moved the cursor");
    store_.Park(tx, event, attempts, error);
    store_.RemoveAttempts(tx, event.event_id);
    store_.SaveCursor(tx, event.cursor);
    return absl::OkStatus();
  }));
  parked_.Increment();
  parked_now_.Increment();
  return absl::OkStatus();
}

absl::StatusOr<int> BatchApplier::RetryParked(const Scope& scope) {
  ASSIGN_OR_RETURN(const std::vector<Record> events,
                   database_.Read(scope, [&](db::Transaction& tx) { return store_.LoadParkedEvents(tx); }));
  MutexLock lock(mutex_);
  std::set<std::string> blocked;
  int applied = 0;
  for (const Record& event : events) {
    if (blocked.contains(event.resource)) continue;
    RETURN_IF_ERROR(Prepare(scope, {.records = {event}, .cursor = {}}));
    const absl::Status status = WriteSafely(scope, [&](db::Transaction& tx) -> absl::Status {
      // The lock keeps later events of the resource out until this is done.
      store_.LockCursor(tx);
      if (!store_.RemoveParked(tx, event.event_id)) return absl::OkStatus();
      store_.InsertInbox(tx, {event.event_id});
      return InTransaction(tx, event);
    });
    if (status.ok()) {
      ++applied;
    } else {
      blocked.insert(event.resource);
    }
  }
  applied_.Increment(applied);
  parked_now_.Set(static_cast<double>(events.size()) - applied);
  return applied;
}

}  // namespace masthead::events
