#include <algorithm>
#include <memory>
#include <utility>

#include "absl/time/clock.h"
#include "common/base/errors.h"
#include "common/base/mutex.h"
#include "common/rpc/call_runner.h"
#include "common/rpc/channel.h"

namespace masthead::rpc {
namespace {

// To a client that keeps its side open and says nothing.
absl::Status Silent() {
  return MakeError(absl::StatusCode::kDeadlineExceeded, "the stream's next message did not come in time",
                   {kCommonErrorDomain, "DEADLINE_PASSED"});
}

// One call in which both sides stream. It is always in one of four phases; whoever moves it on holds the mutex:
//
//   kReading  waits for the client's next message
//   kWorking  on the executor, or on its way there: takes that message, asks for answers
//   kWriting  an answer is on its way to the client
//   kFinished the status is on its way
class DialogueCall final : public grpc::ServerBidiReactor<grpc::ByteBuffer, grpc::ByteBuffer>, public Drainable {
 public:
  DialogueCall(Runtime& runtime, const MethodRuntime& method, const DialogueMethod& handler,
               grpc::CallbackServerContext& context)
      : runtime_(runtime), method_(method), handler_(handler), context_(context) {}

  // `self` keeps the call alive until OnDone; timers hold weak references.
  void Start(std::shared_ptr<DialogueCall> self) {
    self_ = std::move(self);
    runtime_.arrivals.fetch_add(1, std::memory_order_relaxed);
    absl::StatusOr<std::shared_ptr<const auth::Caller>> caller = AdmitCaller(runtime_, method_, context_);
    if (!caller.ok()) return End(caller.status());
    call_ = MakeCall(method_, context_, *std::move(caller), absl::FromChrono(context_.deadline()), cancellation_);
    runtime_.streams.Add(*this);
    Wait(absl::ZeroDuration());
  }

  void Drain() override {
    draining_.store(true, std::memory_order_release);
    StopReading();
  }

 private:
  enum class Phase { kReading, kWorking, kWriting, kFinished };

  void OnCancel() override {
    cancellation_.Cancel();
    StopReading();
  }

  void OnReadDone(bool ok) override {
    MutexLock lock(mutex_);
    if (phase_ != Phase::kReading) return;  // The wait was given up; Work ends the call.
    has_message_ = ok;
    client_is_done_ = !ok;
    SubmitWork();
  }

  void OnWriteDone(bool ok) override {
    MutexLock lock(mutex_);
    if (!ok) cancellation_.Cancel();
    SubmitWork();
  }

  void OnDone() override {
    runtime_.streams.Remove(*this);
    self_.reset();
  }

  // Whoever waits for the client no longer has to.
  void StopReading() {
    MutexLock lock(mutex_);
    if (phase_ == Phase::kReading) SubmitWork();
  }

  // Within the mutex, so that nothing can finish the call in between.
  void Read() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    phase_ = Phase::kReading;
    incoming_.Clear();
    WatchUntil(std::min(absl::Now() + runtime_.stream_read_timeout, call_.scope.deadline));
    StartRead(&incoming_);
  }

  void SubmitWork() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    phase_ = Phase::kWorking;
    watch_until_ = absl::InfiniteFuture();
    if (runtime_.executor.TrySubmit([self = self_] { self->Work(); })) return;
    WorkAt(absl::Now() + kExecutorRetry);
  }

  void WorkAt(absl::Time time) {
    runtime_.timer.At(time, [weak = std::weak_ptr<DialogueCall>(self_)] {
      auto self = weak.lock();
      if (self == nullptr) return;
      MutexLock lock(self->mutex_);
      self->SubmitWork();
    });
  }

  // A client that does not send, or does not read, holds our memory and a place among the connection's streams.
  void WatchUntil(absl::Time time) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    watch_until_ = time;
    runtime_.timer.At(time, [weak = std::weak_ptr<DialogueCall>(self_)] {
      if (auto self = weak.lock()) self->StopIfDue();
    });
  }

  // A timer of an earlier wait comes to nothing here.
  void StopIfDue() {
    bool stuck = false;
    {
      MutexLock lock(mutex_);
      if (absl::Now() < watch_until_) return;
      stuck = phase_ == Phase::kWriting;
      if (phase_ == Phase::kReading) {
        silent_ = true;
        SubmitWork();
      }
    }
    if (stuck) context_.TryCancel();
  }

  void Work() {
    bool silent = false;
    {
      MutexLock lock(mutex_);
      silent = silent_;
    }
    if (cancellation_.cancelled()) return End(absl::CancelledError("the caller went away"));
    if (draining_.load(std::memory_order_acquire)) return End(StreamDrained());
    if (silent) return End(Silent());
    if (absl::Now() >= call_.scope.deadline) return End(absl::DeadlineExceededError("the stream's deadline passed"));

    const telemetry::TraceScope trace(TraceOf(context_));
    absl::StatusOr<Next<grpc::ByteBuffer>> next =
        Firewall(call_.method, [&]() -> absl::StatusOr<Next<grpc::ByteBuffer>> { return TakeAndAsk(); });
    if (!next.ok()) return End(next.status());
    switch (next->kind) {
      case Next<grpc::ByteBuffer>::Kind::kMessage:
        return Write(std::move(next->message));
      case Next<grpc::ByteBuffer>::Kind::kWait:
        return Wait(next->patience);
      case Next<grpc::ByteBuffer>::Kind::kEnd:
        return End(absl::OkStatus());
    }
  }

  absl::StatusOr<Next<grpc::ByteBuffer>> TakeAndAsk() {
    Call call = call_;
    call.scope.deadline = std::min(call.scope.deadline, absl::Now() + runtime_.max_deadline);
    if (dialogue_ == nullptr) {
      absl::StatusOr<std::unique_ptr<ByteDialogue>> opened = handler_.open(call_);
      if (!opened.ok()) return opened.status();
      dialogue_ = *std::move(opened);
    }
    if (std::exchange(has_message_, false)) {
      if (absl::Status taken = dialogue_->Take(call.scope, incoming_); !taken.ok()) return taken;
    } else if (client_is_done_ && !std::exchange(knows_end_, true)) {
      if (absl::Status taken = dialogue_->TakeEnd(call.scope); !taken.ok()) return taken;
    }
    return dialogue_->Ask(call.scope);
  }

  void Write(grpc::ByteBuffer message) {
    {
      MutexLock lock(mutex_);
      phase_ = Phase::kWriting;
      outgoing_.Swap(&message);
      WatchUntil(absl::Now() + runtime_.stream_write_timeout);
    }
    StartWrite(&outgoing_);
  }

  void Wait(absl::Duration patience) {
    MutexLock lock(mutex_);
    if (client_is_done_) return WorkAt(absl::Now() + patience);
    // A drain or a cancellation that came while we worked would else not be seen before the next message.
    if (draining_.load(std::memory_order_acquire) || cancellation_.cancelled()) return SubmitWork();
    Read();
  }

  void End(const absl::Status& status) {
    {
      MutexLock lock(mutex_);
      phase_ = Phase::kFinished;
      watch_until_ = absl::InfiniteFuture();
    }
    NoteEnd(runtime_, method_, context_, status, absl::Now() - start_time_);
    Finish(ToGrpcStatus(status));
  }

  Runtime& runtime_;
  const MethodRuntime& method_;
  const DialogueMethod& handler_;
  grpc::CallbackServerContext& context_;
  const absl::Time start_time_ = absl::Now();
  Cancellation cancellation_;
  std::atomic<bool> draining_ = false;
  std::shared_ptr<DialogueCall> self_;
  Call call_;

  // Touched by the one that works, and before it by the read that led to it.
  std::unique_ptr<ByteDialogue> dialogue_;
  grpc::ByteBuffer incoming_;
  grpc::ByteBuffer outgoing_;
  bool has_message_ = false;
  bool client_is_done_ = false;
  bool knows_end_ = false;

  Mutex mutex_;
  Phase phase_ ABSL_GUARDED_BY(mutex_) = Phase::kWorking;
  absl::Time watch_until_ ABSL_GUARDED_BY(mutex_) = absl::InfiniteFuture();
  bool silent_ ABSL_GUARDED_BY(mutex_) = false;
};

}  // namespace

grpc::ServerBidiReactor<grpc::ByteBuffer, grpc::ByteBuffer>* RunDialogue(Runtime& runtime, const MethodRuntime& method,
                                                                         const DialogueMethod& handler,
                                                                         grpc::CallbackServerContext& context) {
  auto call = std::make_shared<DialogueCall>(runtime, method, handler, context);
  DialogueCall* reactor = call.get();
  reactor->Start(std::move(call));
  return reactor;
}

}  // namespace masthead::rpc
