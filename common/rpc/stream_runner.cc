#include <algorithm>
#include <memory>
#include <optional>
#include <utility>

#include "absl/time/clock.h"
#include "common/base/mutex.h"
#include "common/rpc/call_runner.h"
#include "common/rpc/channel.h"

namespace masthead::rpc {
namespace {

// One server-streaming call. It is always in one of four phases; whoever moves it on holds the mutex:
//
//   kAsking   on the executor, asking the Stream for its next message
//   kWriting  a message is on its way to the client
//   kWaiting  nothing to send: woken by the bell, the timer, a drain or a cancellation
//   kFinished the status is on its way
class StreamCall final : public grpc::ServerWriteReactor<grpc::ByteBuffer>, public Drainable {
 public:
  StreamCall(Runtime& runtime, const MethodRuntime& method, const StreamMethod& handler,
             grpc::CallbackServerContext& context)
      : runtime_(runtime), method_(method), handler_(handler), context_(context) {}

  // `self` keeps the call alive until OnDone; timers hold weak references.
  void Start(std::shared_ptr<StreamCall> self, const grpc::ByteBuffer& bytes) {
    self_ = std::move(self);
    runtime_.arrivals.fetch_add(1, std::memory_order_relaxed);
    request_ = handler_.make_request();
    if (absl::Status parsed = ParseRequest(bytes, *request_); !parsed.ok()) return End(parsed);
    absl::StatusOr<std::shared_ptr<const auth::Caller>> caller = AdmitCaller(runtime_, method_, context_);
    if (!caller.ok()) return End(caller.status());

    call_ = MakeCall(method_, context_, *std::move(caller), absl::FromChrono(context_.deadline()), cancellation_);
    runtime_.streams.Add(*this);
    if (handler_.bell != nullptr) {
      subscription_.emplace(*handler_.bell, [this] { Wake(); });
    }
    MutexLock lock(mutex_);
    SubmitAsk();
  }

  void Drain() override {
    draining_.store(true, std::memory_order_release);
    Wake();
  }

 private:
  enum class Phase { kAsking, kWriting, kWaiting, kFinished };

  void OnCancel() override {
    cancellation_.Cancel();
    Wake();
  }

  void OnWriteDone(bool ok) override {
    MutexLock lock(mutex_);
    message_.Clear();
    write_deadline_ = absl::InfiniteFuture();
    phase_ = Phase::kAsking;
    if (!ok) cancellation_.Cancel();
    SubmitAsk();
  }

  void OnDone() override {
    subscription_.reset();
    runtime_.streams.Remove(*this);
    self_.reset();
  }

  // Asks again if the call waits; while it asks, makes it ask once more, so that no ring is lost.
  void Wake() {
    MutexLock lock(mutex_);
    if (phase_ == Phase::kWaiting) {
      phase_ = Phase::kAsking;
      SubmitAsk();
    } else {
      rung_ = true;
    }
  }

  void SubmitAsk() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    if (runtime_.executor.TrySubmit([self = self_] { self->Ask(); })) return;
    phase_ = Phase::kWaiting;
    WakeAt(absl::Now() + kExecutorRetry);
  }

  void WakeAt(absl::Time time) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    wake_time_ = time;
    runtime_.timer.At(time, [weak = std::weak_ptr<StreamCall>(self_)] {
      if (auto self = weak.lock()) self->WakeIfDue();
    });
  }

  // A timer of an earlier wait comes to nothing here.
  void WakeIfDue() {
    MutexLock lock(mutex_);
    if (phase_ != Phase::kWaiting || absl::Now() < wake_time_) return;
    phase_ = Phase::kAsking;
    SubmitAsk();
  }

  void Ask() {
    {
      MutexLock lock(mutex_);
      rung_ = false;
    }
    if (cancellation_.cancelled()) return End(absl::CancelledError("the caller went away"));
    if (draining_.load(std::memory_order_acquire)) return End(StreamDrained());
    if (absl::Now() >= call_.scope.deadline) return End(absl::DeadlineExceededError("the stream's deadline passed"));

    const telemetry::TraceScope trace(TraceOf(context_));
    absl::StatusOr<Next<grpc::ByteBuffer>> next =
        Firewall(call_.method, [&]() -> absl::StatusOr<Next<grpc::ByteBuffer>> { return AskStream(); });
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

  absl::StatusOr<Next<grpc::ByteBuffer>> AskStream() {
    Call call = call_;
    call.scope.deadline = std::min(call.scope.deadline, absl::Now() + runtime_.max_deadline);
    if (stream_ == nullptr) {
      absl::StatusOr<std::unique_ptr<ByteStream>> opened = handler_.open(call, *request_);
      if (!opened.ok()) return opened.status();
      stream_ = *std::move(opened);
      // Who follows something mostly waits: what only its opening needs is not kept for hours.
      request_.reset();
      std::string().swap(call_.authorization);
      std::string().swap(call_.peer);
    }
    return stream_->Ask(call.scope);
  }

  void Write(grpc::ByteBuffer message) {
    const absl::Time deadline = absl::Now() + runtime_.stream_write_timeout;
    {
      MutexLock lock(mutex_);
      phase_ = Phase::kWriting;
      write_deadline_ = deadline;
      message_.Swap(&message);
    }
    runtime_.timer.At(deadline, [weak = std::weak_ptr<StreamCall>(self_)] {
      if (auto self = weak.lock()) self->CheckWriteDeadline();
    });
    StartWrite(&message_);
  }

  // A reader that does not read holds our memory and a place among the connection's streams: its call is cancelled.
  void CheckWriteDeadline() {
    {
      MutexLock lock(mutex_);
      if (phase_ != Phase::kWriting || absl::Now() < write_deadline_) return;
    }
    context_.TryCancel();
  }

  void Wait(absl::Duration patience) {
    MutexLock lock(mutex_);
    if (rung_ || cancellation_.cancelled()) return SubmitAsk();
    phase_ = Phase::kWaiting;
    WakeAt(std::min(absl::Now() + patience, call_.scope.deadline));
  }

  void End(const absl::Status& status) {
    {
      MutexLock lock(mutex_);
      phase_ = Phase::kFinished;
    }
    NoteEnd(runtime_, method_, context_, status, absl::Now() - start_time_);
    Finish(ToGrpcStatus(status));
  }

  Runtime& runtime_;
  const MethodRuntime& method_;
  const StreamMethod& handler_;
  grpc::CallbackServerContext& context_;
  const absl::Time start_time_ = absl::Now();
  Cancellation cancellation_;
  std::atomic<bool> draining_ = false;
  std::shared_ptr<StreamCall> self_;
  std::unique_ptr<google::protobuf::Message> request_;
  Call call_;
  std::unique_ptr<ByteStream> stream_;  // Only touched by Ask, of which one runs at a time.
  std::optional<Bell::Subscription> subscription_;

  Mutex mutex_;
  Phase phase_ ABSL_GUARDED_BY(mutex_) = Phase::kAsking;
  absl::Time wake_time_ ABSL_GUARDED_BY(mutex_) = absl::InfinitePast();
  bool rung_ ABSL_GUARDED_BY(mutex_) = false;
  absl::Time write_deadline_ ABSL_GUARDED_BY(mutex_) = absl::InfiniteFuture();
  grpc::ByteBuffer message_;
};

}  // namespace

grpc::ServerWriteReactor<grpc::ByteBuffer>* RunStream(Runtime& runtime, const MethodRuntime& method,
                                                      const StreamMethod& handler, grpc::CallbackServerContext& context,
                                                      const grpc::ByteBuffer& request) {
  auto call = std::make_shared<StreamCall>(runtime, method, handler, context);
  StreamCall* reactor = call.get();
  reactor->Start(std::move(call), request);
  return reactor;
}

}  // namespace masthead::rpc
