#include "common/events/consumer.h"

#include <algorithm>
#include <atomic>
#include <random>
#include <thread>
#include <utility>

#include "absl/strings/string_view.h"
#include "absl/time/clock.h"
#include "common/base/errors.h"
#include "common/base/mutex.h"
#include "common/base/status_macros.h"
#include "common/crypto/mac.h"
#include "common/events/batch_applier.h"
#include "common/events/consumer_store.h"
#include "common/rpc/call_runner.h"
#include "common/rpc/channel.h"
#include "common/telemetry/log.h"
#include "common/telemetry/metrics.h"

namespace masthead::events {
namespace {

constexpr absl::Duration kFirstBackoff = absl::Milliseconds(50);
constexpr absl::Duration kLongestBackoff = absl::Seconds(5);
constexpr absl::Duration kStandbyPoll = absl::Seconds(1);
constexpr absl::Duration kTransactionPatience = absl::Seconds(30);
constexpr absl::Duration kHandOverPatience = absl::Seconds(1);
// Longer than any source keeps its events.
constexpr absl::Duration kInboxAge = absl::Hours(24 * 60);
constexpr absl::Duration kInboxTrimInterval = absl::Hours(1);

// The source will say the same again until somebody mends it or us.
bool IsLasting(const absl::Status& status) {
  switch (status.code()) {
    case absl::StatusCode::kInvalidArgument:
    case absl::StatusCode::kOutOfRange:
    case absl::StatusCode::kPermissionDenied:
    case absl::StatusCode::kUnauthenticated:
    case absl::StatusCode::kUnimplemented:
      return true;
    default:
      return false;
  }
}

}  // namespace

class Consumer::Impl {
 public:
  Impl(db::Database& database, ConsumerOptions options)
      : options_(std::move(options)),
        database_(database),
        store_(options_.source, crypto::Base64Url(crypto::RandomBytes(12))),
        applier_(database, store_, options_, [this](absl::Duration pause) { Wait(pause); }),
        last_contact_gauge_(telemetry::Gauge("masthead_consumer_last_contact_timestamp_seconds",
                                             "When a source was last heard of, a heartbeat included.",
                                             {{"source", options_.source}})),
        lag_gauge_(telemetry::Gauge("masthead_consumer_lag_seconds",
                                    "Age of the newest event when it was applied; 0 when caught up.",
                                    {{"source", options_.source}})) {}

  ~Impl() { Stop(); }

  void Start() {
    thread_ = std::thread([this] { Loop(); });
  }

  void Stop() {
    {
      MutexLock lock(mutex_);
      stopping_.Cancel();
      if (context_ != nullptr) context_->TryCancel();
      changed_.NotifyAll();
    }
    if (thread_.joinable()) thread_.join();
  }

  absl::StatusOr<int> RetryParked(const Scope& scope) { return applier_.RetryParked(scope); }

  absl::Time last_contact() const {
    const int64_t nanos = last_contact_nanos_.load(std::memory_order_relaxed);
    return nanos == 0 ? absl::InfinitePast() : absl::FromUnixNanos(nanos);
  }

 private:
  // One open stream, and a way for Stop() to end it.
  class OpenContext {
   public:
    explicit OpenContext(Impl& consumer) : consumer_(consumer) {
      MutexLock lock(consumer_.mutex_);
      if (consumer_.stopping_.cancelled()) context_.TryCancel();
      consumer_.context_ = &context_;
    }
    ~OpenContext() {
      MutexLock lock(consumer_.mutex_);
      consumer_.context_ = nullptr;
    }
    grpc::ClientContext& context() { return context_; }

   private:
    Impl& consumer_;
    grpc::ClientContext context_;
  };

  Scope NewScope() const { return {.deadline = absl::Now() + kTransactionPatience, .cancellation = &stopping_}; }

  void Loop() {
    absl::Duration backoff = kFirstBackoff;
    while (!stopping_.cancelled()) {
      absl::StatusOr<std::string> cursor =
          database_.Write(NewScope(), [&](db::Transaction& tx) { return store_.TakeLease(tx); });
      if (absl::IsAborted(cursor.status())) {
        lag_gauge_.Set(0);  // Another replica follows, and tells how far it is behind.
        Wait(Jittered(kStandbyPoll));
        continue;
      }
      const absl::Status status = cursor.ok() ? Follow(*std::move(cursor), backoff) : cursor.status();
      if (stopping_.cancelled()) break;
      Report(status);
      if (IsLasting(status)) backoff = kLongestBackoff;
      Wait(Jittered(backoff));
      backoff = std::min(backoff * 2, kLongestBackoff);
    }
    HandOver();
  }

  // Reads one stream to its end and applies what comes. Sets `backoff` back once something came.
  absl::Status Follow(std::string position, absl::Duration& backoff) {
    OpenContext open(*this);
    const std::unique_ptr<SourceStream> stream = options_.open(open.context(), position);
    absl::Status applied;
    for (SourceBatch batch; applied.ok() && stream->Read(batch);) {
      backoff = kFirstBackoff;
      NoteContact();
      applied = applier_.Apply(NewScope(), position, batch);
      if (!applied.ok()) break;
      NoteLag(batch);
      position = batch.cursor;
      TrimInbox();
    }
    if (!applied.ok()) open.context().TryCancel();
    const absl::Status ended = stream->Finish();
    if (!applied.ok()) return applied;
    const bool refused = absl::IsOutOfRange(ended) || (ErrorReason(ended) == "CURSOR_INVALID" && !position.empty());
    return refused ? Rewind(position, ended) : ended;
  }

  // Goes on from where the source can be followed without a gap after it refused `position`. Returns an error if that
  // has to wait.
  absl::Status Rewind(const std::string& position, const absl::Status& refusal) {
    telemetry::Warning("cursor refused, rewinding",
                       {{"source", options_.source}, {"reason", ErrorReason(refusal)}, {"status", refusal.ToString()}});
    std::string next = ErrorMetadata(refusal, "oldest_cursor");
    if (next == position) return refusal;
    if (options_.rebuild != nullptr) {
      ASSIGN_OR_RETURN(std::string rebuilt, rpc::Firewall(options_.source, options_.rebuild));
      if (!rebuilt.empty()) next = std::move(rebuilt);
    }
    return database_.Write(NewScope(), [&](db::Transaction& tx) -> absl::Status {
      if (store_.LockCursor(tx) == position) store_.SaveCursor(tx, next);
      return absl::OkStatus();
    });
  }

  void HandOver() {
    const Scope scope{.deadline = absl::Now() + kHandOverPatience};
    const absl::Status status = database_.Write(scope, [&](db::Transaction& tx) {
      store_.DropLease(tx);
      return absl::OkStatus();
    });
    if (!status.ok()) Report(status);
  }

  void TrimInbox() {
    const absl::Time now = absl::Now();
    if (now < next_trim_) return;
    next_trim_ = now + kInboxTrimInterval;
    const absl::Status status = database_.Write(NewScope(), [&](db::Transaction& tx) {
      store_.TrimInbox(tx, kInboxAge);
      return absl::OkStatus();
    });
    if (!status.ok()) Report(status);
  }

  void NoteContact() {
    last_contact_nanos_.store(absl::GetCurrentTimeNanos(), std::memory_order_relaxed);
    last_contact_gauge_.SetToCurrentTime();
  }

  void NoteLag(const SourceBatch& batch) {
    lag_gauge_.Set(batch.records.empty() ? 0 : absl::ToDoubleSeconds(absl::Now() - batch.records.back().time));
  }

  void Report(const absl::Status& status) {
    if (status.ok() || !report_limit_.Admit()) return;
    telemetry::Warning("source interrupted", {{"source", options_.source}, {"status", status.ToString()}});
  }

  void Wait(absl::Duration pause) {
    const absl::Time until = absl::Now() + pause;
    MutexLock lock(mutex_);
    while (!stopping_.cancelled() && changed_.WaitUntil(mutex_, until)) {
    }
  }

  // Between half of `pause` and all of it, so that replicas that lost the same source do not come back as one.
  absl::Duration Jittered(absl::Duration pause) {
    return pause * std::uniform_real_distribution<double>(0.5, 1.0)(random_);
  }

  const ConsumerOptions options_;
  db::Database& database_;
  ConsumerStore store_;
  BatchApplier applier_;
  prometheus::Gauge& last_contact_gauge_;
  prometheus::Gauge& lag_gauge_;
  telemetry::LogLimit report_limit_{absl::Seconds(10)};
  std::atomic<int64_t> last_contact_nanos_ = 0;  // 0: never.
  absl::Time next_trim_ = absl::Now() + kInboxTrimInterval;
  std::minstd_rand random_{std::random_device{}()};

  Cancellation stopping_;
  Mutex mutex_;
  CondVar changed_;
  grpc::ClientContext* context_ ABSL_GUARDED_BY(mutex_) = nullptr;
  std::thread thread_;
};

Consumer::Consumer(db::Database& database, ConsumerOptions options)
    : impl_(std::make_unique<Impl>(database, std::move(options))) {}

Consumer::~Consumer() = default;

void Consumer::Start() { impl_->Start(); }

void Consumer::Stop() { impl_->Stop(); }

absl::StatusOr<int> Consumer::RetryParked(const Scope& scope) { return impl_->RetryParked(scope); }

absl::Time Consumer::last_contact() const { return impl_->last_contact(); }

absl::Status StreamStatus(const grpc::Status& status) { return rpc::FromGrpcStatus(status); }

}  // namespace masthead::events
