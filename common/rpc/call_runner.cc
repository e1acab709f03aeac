#include "common/rpc/call_runner.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "common/auth/policy.h"
#include "common/base/errors.h"
#include "common/failpoint/failpoint.h"
#include "common/ids/uuid.h"
#include "common/rpc/channel.h"
#include "common/telemetry/log.h"
#include "common/telemetry/metrics.h"

namespace masthead::rpc {
namespace {

absl::string_view Metadata(const grpc::CallbackServerContext& context, const char* key) {
  const auto& metadata = context.client_metadata();
  const auto found = metadata.find(key);
  if (found == metadata.end()) return {};
  return {found->second.data(), found->second.size()};
}

std::string SpiffeId(const grpc::CallbackServerContext& context) {
  const auto auth_context = context.auth_context();
  if (auth_context == nullptr) return {};
  // gRPC gives none for a certificate with several URI names; two values here would be as suspect.
  const std::vector<grpc::string_ref> ids = auth_context->FindPropertyValues("peer_spiffe_id");
  if (ids.size() != 1) return {};
  return std::string(ids[0].data(), ids[0].size());
}

const std::string& CodeName(int code) {
  static const std::string* const names = [] {
    auto* made = new std::string[MethodRuntime::kCodes];
    for (int i = 0; i < MethodRuntime::kCodes; ++i) {
      made[i] = absl::StatusCodeToString(static_cast<absl::StatusCode>(i));
    }
    return made;
  }();
  return names[code];
}

telemetry::Labels MethodLabels(const google::protobuf::MethodDescriptor& method) {
  return {{"service", method.service()->full_name()}, {"method", method.name()}};
}

// One unary call. Made on the transport's thread, worked on by the executor's, gone in OnDone.
class UnaryCall final : public grpc::ServerUnaryReactor {
 public:
  UnaryCall(Runtime& runtime, const MethodRuntime& method, const UnaryMethod& handler,
            grpc::CallbackServerContext& context, grpc::ByteBuffer& response)
      : runtime_(runtime), method_(method), handler_(handler), context_(context), response_(response) {}

  void Start(const grpc::ByteBuffer& bytes) {
    runtime_.arrivals.fetch_add(1, std::memory_order_relaxed);
    request_ = handler_.make_request();
    if (absl::Status parsed = ParseRequest(bytes, *request_); !parsed.ok()) return Answer(parsed);
    absl::StatusOr<std::shared_ptr<const auth::Caller>> caller = AdmitCaller(runtime_, method_, context_);
    if (!caller.ok()) return Answer(caller.status());

    const absl::Time deadline = std::min(absl::FromChrono(context_.deadline()), start_time_ + runtime_.max_deadline);
    call_ = MakeCall(method_, context_, *std::move(caller), deadline, cancellation_);
    if (AnswerNow()) return;
    if (!runtime_.executor.TrySubmit([this] { Run(); }, deadline - start_time_)) Answer(ServerBusy());
  }

 private:
  void OnCancel() override { cancellation_.Cancel(); }
  void OnDone() override { delete this; }
  // Both reactions are trivial, so they run where they arise; else gRPC hands each to a thread of its own executor,
  // which cost a fifth of a cached answer's CPU (measured).
  bool InternalInlineable() override { return true; }

  bool AnswerNow() {
    if (!handler_.handle_now) return false;
    bool answered = false;
    const absl::Status status = Firewall(call_.method, [&]() -> absl::Status {
      std::optional<grpc::ByteBuffer> bytes = handler_.handle_now(call_, *request_);
      answered = bytes.has_value();
      if (answered) response_.Swap(&*bytes);
      return absl::OkStatus();
    });
    if (!answered && status.ok()) return false;
    Answer(status);
    return true;
  }

  void Run() {
    const telemetry::TraceScope trace(TraceOf(context_));
    if (cancellation_.cancelled()) return Answer(absl::CancelledError("the caller went away"));
    if (absl::Now() >= call_.scope.deadline) {
      return Answer(MakeError(absl::StatusCode::kDeadlineExceeded, "the deadline passed before the call could start",
                              {kCommonErrorDomain, "DEADLINE_PASSED"}));
    }
    Answer(Firewall(call_.method, [&]() -> absl::Status {
      absl::StatusOr<grpc::ByteBuffer> bytes = handler_.handle(call_, *request_);
      if (!bytes.ok()) return bytes.status();
      failpoint::Hit("rpc.before_reply");
      response_.Swap(&*bytes);
      return absl::OkStatus();
    }));
  }

  // Nothing of this object may be used after it.
  void Answer(const absl::Status& status) {
    NoteEnd(runtime_, method_, context_, status, absl::Now() - start_time_);
    Finish(ToGrpcStatus(status));
  }

  Runtime& runtime_;
  const MethodRuntime& method_;
  const UnaryMethod& handler_;
  grpc::CallbackServerContext& context_;
  grpc::ByteBuffer& response_;
  const absl::Time start_time_ = absl::Now();
  Cancellation cancellation_;
  std::unique_ptr<google::protobuf::Message> request_;
  Call call_;
};

}  // namespace

MethodRuntime::MethodRuntime(const google::protobuf::MethodDescriptor& method, options::v1::Policy rule)
    : descriptor(method),
      policy(std::move(rule)),
      latency(telemetry::LatencySeconds("masthead_rpc_server_duration_seconds",
                                        "Time from a call's arrival to its answer.", MethodLabels(method))) {
  for (int code = 0; code < kCodes; ++code) {
    telemetry::Labels labels = MethodLabels(method);
    labels["code"] = CodeName(code);
    handled[code] =
        &telemetry::Counter("masthead_rpc_server_handled_total", "Calls answered, by their status code.", labels);
  }
}

void MethodRuntime::Count(absl::StatusCode code, absl::Duration took) const {
  const int index = static_cast<int>(code);
  handled[index < kCodes ? index : static_cast<int>(absl::StatusCode::kUnknown)]->Increment();
  latency.Observe(absl::ToDoubleSeconds(took));
}

absl::StatusOr<std::shared_ptr<const auth::Caller>> AdmitCaller(const Runtime& runtime, const MethodRuntime& method,
                                                                const grpc::CallbackServerContext& context) {
  auth::Credentials credentials;
  credentials.authorization = Metadata(context, "authorization");
  std::string spiffe_id;
  if (credentials.authorization.empty()) {
    spiffe_id = SpiffeId(context);
    credentials.spiffe_id = spiffe_id;
  }
  absl::StatusOr<std::shared_ptr<const auth::Caller>> caller = runtime.authenticator.Authenticate(credentials);
  if (!caller.ok()) return caller.status();
  absl::Status admitted = auth::Admit(method.policy, **caller, method.descriptor.full_name());
  if (!admitted.ok()) return admitted;
  return caller;
}

Call MakeCall(const MethodRuntime& method, const grpc::CallbackServerContext& context,
              std::shared_ptr<const auth::Caller> caller, absl::Time deadline, const Cancellation& cancellation) {
  return {.method = method.descriptor.full_name(),
          .caller = std::move(caller),
          .scope = {.deadline = deadline, .cancellation = &cancellation},
          .peer = context.peer(),
          .authorization = std::string(Metadata(context, "authorization"))};
}

telemetry::TraceContext TraceOf(const grpc::CallbackServerContext& context) {
  return telemetry::TraceContext::ChildOf(Metadata(context, "traceparent"));
}

void NoteEnd(const Runtime& runtime, const MethodRuntime& method, const grpc::CallbackServerContext& context,
             const absl::Status& status, absl::Duration took) {
  method.Count(status.code(), took);
  if (runtime.log_calls == CallLog::kNone || (runtime.log_calls == CallLog::kFaults && !IsFault(status.code()))) return;
  // What ends before its handler ran, or is cached, has no trace of its own yet.
  std::optional<telemetry::TraceScope> trace;
  if (telemetry::CurrentTrace().trace_id.empty()) trace.emplace(TraceOf(context));
  LogCall(runtime.log_calls, method.descriptor.full_name(), status, took);
}

absl::Status ServerBusy() {
  return WithRetry(
      MakeError(absl::StatusCode::kUnavailable, "the server is busy; try again", {kCommonErrorDomain, "SERVER_BUSY"}),
      absl::Milliseconds(200));
}

absl::Status StreamDrained() {
  return WithRetry(MakeError(absl::StatusCode::kUnavailable, "the server is going away; resume from your last position",
                             {kCommonErrorDomain, "STREAM_DRAINED"}),
                   absl::Milliseconds(200));
}

absl::Status InternalError(absl::string_view method, absl::string_view what) {
  const std::string incident = ids::NewUuid();
  telemetry::Error("a handler threw",
                   {{"method", std::string(method)}, {"what", std::string(what)}, {"incident", incident}});
  return MakeError(absl::StatusCode::kInternal, absl::StrCat("internal error; quote incident ", incident),
                   {kCommonErrorDomain, "INTERNAL_ERROR", {{"incident", incident}}});
}

grpc::ServerUnaryReactor* RunUnary(Runtime& runtime, const MethodRuntime& method, const UnaryMethod& handler,
                                   grpc::CallbackServerContext& context, const grpc::ByteBuffer& request,
                                   grpc::ByteBuffer& response) {
  auto* call = new UnaryCall(runtime, method, handler, context, response);  // Deletes itself in OnDone.
  call->Start(request);
  return call;
}

}  // namespace masthead::rpc
