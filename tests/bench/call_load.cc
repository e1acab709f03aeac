#include "tests/bench/call_load.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "grpcpp/channel.h"
#include "grpcpp/client_context.h"
#include "grpcpp/completion_queue.h"
#include "grpcpp/create_channel.h"
#include "grpcpp/security/credentials.h"
#include "grpcpp/support/channel_arguments.h"

namespace masthead::bench {
namespace {

constexpr absl::Duration kPatience = absl::Seconds(1);

}  // namespace

absl::Duration Percentile(std::vector<absl::Duration> durations, double fraction) {
  if (durations.empty()) return absl::ZeroDuration();
  std::sort(durations.begin(), durations.end());
  return durations[static_cast<size_t>(fraction * static_cast<double>(durations.size() - 1))];
}

struct CallLoad::Call {
  grpc::ClientContext context;
  std::unique_ptr<grpc::GenericClientAsyncResponseReader> reader;
  grpc::ByteBuffer response;
  grpc::Status status;
  absl::Time start;
};

// One measurement: its calls, its queue.
class CallLoad::Run {
 public:
  explicit Run(CallLoad& load) : load_(load) {}
  ~Run() {
    queue_.Shutdown();
    void* tag = nullptr;
    bool ok = false;
    while (queue_.Next(&tag, &ok)) delete static_cast<Call*>(tag);
  }

  void Begin(absl::Time start, absl::Time deadline) {
    auto* call = new Call();
    call->start = start;
    call->context.set_deadline(absl::ToChronoTime(deadline));
    if (!load_.token_.empty()) call->context.AddMetadata("authorization", absl::StrCat("Bearer ", load_.token_));
    grpc::GenericStub& stub = *load_.stubs_[next_++ % load_.stubs_.size()];
    const grpc::ByteBuffer& request = load_.requests_[load_.next_request_++ % load_.requests_.size()];
    call->reader = stub.PrepareUnaryCall(&call->context, load_.method_, request, &queue_);
    call->reader->StartCall();
    call->reader->Finish(&call->response, &call->status, call);
    ++outcome_.offered;
    ++in_flight_;
  }

  // Takes one answer, if one comes before `deadline`.
  bool Take(absl::Time deadline, bool counts) {
    void* tag = nullptr;
    bool ok = false;
    if (queue_.AsyncNext(&tag, &ok, absl::ToChronoTime(deadline)) != grpc::CompletionQueue::GOT_EVENT) return false;
    const std::unique_ptr<Call> call(static_cast<Call*>(tag));
    --in_flight_;
    if (!counts) return true;
    if (call->status.ok()) {
      ++outcome_.ok;
    } else if (call->status.error_code() == grpc::StatusCode::UNAVAILABLE) {
      outcome_.refusals.push_back(absl::Now() - call->start);
    } else {
      ++outcome_.failed;
    }
    return true;
  }

  int in_flight() const { return in_flight_; }
  Outcome& outcome() { return outcome_; }

 private:
  CallLoad& load_;
  grpc::CompletionQueue queue_;
  size_t next_ = 0;
  int in_flight_ = 0;
  Outcome outcome_;
};

CallLoad::CallLoad(const std::string& target, int connections, std::string method, const std::string& request,
                   std::string token)
    : CallLoad(target, connections, std::move(method), std::vector<std::string>{request}, std::move(token)) {}

CallLoad::CallLoad(const std::string& target, int connections, std::string method,
                   const std::vector<std::string>& requests, std::string token)
    : method_(std::move(method)), token_(std::move(token)) {
  for (int i = 0; i < connections; ++i) {
    grpc::ChannelArguments arguments;
    arguments.SetInt("masthead.bench.connection", i);  // Channels of equal arguments would share one connection.
    arguments.SetInt(GRPC_ARG_ENABLE_RETRIES, 0);
    stubs_.push_back(std::make_unique<grpc::GenericStub>(
        grpc::CreateCustomChannel(target, grpc::InsecureChannelCredentials(), arguments)));
  }
  for (const std::string& request : requests) {
    grpc::Slice slice(request);
    requests_.push_back(grpc::ByteBuffer(&slice, 1));
  }
}

CallLoad::~CallLoad() = default;
CallLoad::CallLoad(CallLoad&&) noexcept = default;

Outcome CallLoad::Closed(int in_flight, absl::Duration length) {
  Run run(*this);
  const absl::Time start = absl::Now();
  const absl::Time end = start + length;
  for (int i = 0; i < in_flight; ++i) run.Begin(start, end + absl::Seconds(30));
  while (absl::Now() < end) {
    if (run.Take(end, /*counts=*/true)) run.Begin(absl::Now(), end + absl::Seconds(30));
  }
  run.outcome().length = absl::Now() - start;
  while (run.in_flight() > 0) run.Take(end + absl::Seconds(30), /*counts=*/false);
  return std::move(run.outcome());
}

Outcome CallLoad::Open(double per_second, absl::Duration length) {
  Run run(*this);
  const absl::Duration gap = absl::Seconds(1 / per_second);
  const absl::Time start = absl::Now();
  const absl::Time end = start + length;
  absl::Time next = start;
  while (next < end) {
    const absl::Time now = absl::Now();
    if (now >= end) break;
    if (next <= now) {
      run.Begin(next, next + kPatience);
      next += gap;
    }
    run.Take(std::min(next, end), /*counts=*/true);
  }
  while (run.in_flight() > 0) run.Take(end + 2 * kPatience, /*counts=*/true);
  run.outcome().length = std::max(absl::Now() - start, length);
  return std::move(run.outcome());
}

}  // namespace masthead::bench
