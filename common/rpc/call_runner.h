// Takes one call from its bytes to its status: the steps that every RPC goes through, once.
#pragma once

#include <atomic>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/auth/authenticator.h"
#include "common/rpc/call.h"
#include "common/rpc/call_log.h"
#include "common/rpc/executor.h"
#include "common/rpc/service.h"
#include "common/rpc/stream_set.h"
#include "common/rpc/timer.h"
#include "common/telemetry/trace.h"
#include "grpcpp/server_context.h"
#include "grpcpp/support/byte_buffer.h"
#include "grpcpp/support/server_callback.h"
#include "masthead/options/v1/policy.pb.h"
#include "prometheus/counter.h"
#include "prometheus/histogram.h"

namespace masthead::rpc {

// What a running server shares with its calls.
struct Runtime {
  const auth::Authenticator& authenticator;
  Executor& executor;
  Timer& timer;
  StreamSet& streams;
  absl::Duration max_deadline;
  absl::Duration stream_write_timeout;
  absl::Duration stream_read_timeout;
  CallLog log_calls;
  std::atomic<uint64_t> arrivals = 0;  // Calls that came, for the lame-duck phase.
};

// What is looked up once per RPC, not once per call.
struct MethodRuntime {
  MethodRuntime(const google::protobuf::MethodDescriptor& method, options::v1::Policy rule);

  void Count(absl::StatusCode code, absl::Duration took) const;

  const google::protobuf::MethodDescriptor& descriptor;
  const options::v1::Policy policy;
  static constexpr int kCodes = 17;
  prometheus::Counter* handled[kCodes];
  prometheus::Histogram& latency;
};

// Who calls, if the policy admits them.
absl::StatusOr<std::shared_ptr<const auth::Caller>> AdmitCaller(const Runtime& runtime, const MethodRuntime& method,
                                                                const grpc::CallbackServerContext& context);

// Fills in what a handler may know. `cancellation` outlives the call.
Call MakeCall(const MethodRuntime& method, const grpc::CallbackServerContext& context,
              std::shared_ptr<const auth::Caller> caller, absl::Time deadline, const Cancellation& cancellation);

// The trace that the caller asks us to join, or a new one.
telemetry::TraceContext TraceOf(const grpc::CallbackServerContext& context);

// Counts a call that ends, and logs it if it is to be.
void NoteEnd(const Runtime& runtime, const MethodRuntime& method, const grpc::CallbackServerContext& context,
             const absl::Status& status, absl::Duration took);

absl::Status ServerBusy();

// To a stream that a drain ends: UNAVAILABLE, STREAM_DRAINED.
absl::Status StreamDrained();

// How long a stream waits for an executor that is full before it tries again.
inline constexpr absl::Duration kExecutorRetry = absl::Milliseconds(50);

// Runs `work`, which returns a Status or a StatusOr; an exception becomes INTERNAL with an incident identifier that the
// log knows. The only other place that catches is common/db.
absl::Status InternalError(absl::string_view method, absl::string_view what);

template <typename Work>
auto Firewall(absl::string_view method, Work&& work) -> decltype(work()) {
  try {
    return work();
  } catch (const std::exception& e) {
    return InternalError(method, e.what());
  } catch (...) {
    return InternalError(method, "an exception of unknown type");
  }
}

// Each returns a reactor that owns itself.
grpc::ServerUnaryReactor* RunUnary(Runtime& runtime, const MethodRuntime& method, const UnaryMethod& handler,
                                   grpc::CallbackServerContext& context, const grpc::ByteBuffer& request,
                                   grpc::ByteBuffer& response);
grpc::ServerWriteReactor<grpc::ByteBuffer>* RunStream(Runtime& runtime, const MethodRuntime& method,
                                                      const StreamMethod& handler, grpc::CallbackServerContext& context,
                                                      const grpc::ByteBuffer& request);
grpc::ServerBidiReactor<grpc::ByteBuffer, grpc::ByteBuffer>* RunDialogue(Runtime& runtime, const MethodRuntime& method,
                                                                         const DialogueMethod& handler,
                                                                         grpc::CallbackServerContext& context);

}  // namespace masthead::rpc
