#include "common/rpc/server.h"

#include <csignal>
#include <deque>
#include <optional>
#include <set>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "common/auth/policy.h"
#include "common/rpc/call_runner.h"
#include "common/rpc/grpc_service.h"
#include "common/rpc/health.h"
#include "common/telemetry/log.h"
#include "google/protobuf/stubs/logging.h"
#include "grpc/support/log.h"
#include "grpcpp/ext/proto_server_reflection_plugin.h"
#include "grpcpp/health_check_service_interface.h"
#include "grpcpp/resource_quota.h"
#include "grpcpp/server.h"
#include "grpcpp/server_builder.h"

namespace masthead::rpc {
namespace {

constexpr int kMaxMessageBytes = 4 * 1024 * 1024;

// Each malformed string makes protobuf print a line that a caller controls; the status tells enough.
void DropProtobufLog(google::protobuf::LogLevel level, const char* file, int line, const std::string& message) {
  if (level < google::protobuf::LOGLEVEL_FATAL) return;
  telemetry::Error("protobuf", {{"file", file}, {"line", absl::StrCat(line)}, {"message", message}});
}

// What gRPC itself has to say is mostly of peers that misbehave: a line like any other, ten a second at most. An
// assertion's text is the last before the process ends.
void LogGrpc(gpr_log_func_args* said) {
  static telemetry::LogLimit limit(absl::Milliseconds(100));
  if (!absl::StartsWith(said->message, "assertion failed") && !limit.Admit()) return;
  telemetry::Warning("grpc", {{"file", said->file}, {"line", absl::StrCat(said->line)}, {"said", said->message}});
}

void Harden(grpc::ServerBuilder& builder) {
  // Without a cap a server under overload parses everything and answers nothing.
  builder.AddChannelArgument(GRPC_ARG_MAX_CONCURRENT_STREAMS, 100);
  // Above gRPC's default of 8 KiB one call with too much metadata kills the others on its connection.
  builder.AddChannelArgument(GRPC_ARG_MAX_METADATA_SIZE, 64 * 1024);
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_TIME_MS, 10'000);
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, 5'000);
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_PERMIT_WITHOUT_CALLS, 1);
  builder.AddChannelArgument(GRPC_ARG_HTTP2_MIN_RECV_PING_INTERVAL_WITHOUT_DATA_MS, 5'000);
  // So that new replicas get their share of long-lived clients; gRPC adds a jitter of a tenth.
  builder.AddChannelArgument(GRPC_ARG_MAX_CONNECTION_AGE_MS, 300'000);
  builder.AddChannelArgument(GRPC_ARG_MAX_CONNECTION_AGE_GRACE_MS, 30'000);
  builder.AddChannelArgument(GRPC_ARG_ALLOW_REUSEPORT, 0);
  builder.SetMaxReceiveMessageSize(kMaxMessageBytes);
}

absl::Status PortTaken(const std::string& address) {
  return absl::UnavailableError(absl::StrCat("cannot listen on ", address));
}

}  // namespace

class Server::Impl {
 public:
  Impl(ServerOptions options, const auth::Authenticator& authenticator,
       std::shared_ptr<grpc::ServerCredentials> credentials, std::function<absl::Status()> ready)
      : options_(std::move(options)),
        credentials_(std::move(credentials)),
        ready_(std::move(ready)),
        executor_(options_.executor_threads, options_.max_queued_calls, options_.max_queue_wait),
        runtime_{.authenticator = authenticator,
                 .executor = executor_,
                 .timer = timer_,
                 .streams = streams_,
                 .max_deadline = options_.max_deadline,
                 .stream_write_timeout = options_.stream_write_timeout,
                 .stream_read_timeout = options_.stream_read_timeout,
                 .log_calls = options_.log_calls} {}

  void Add(const Service& service) { services_.push_back(&service); }

  absl::Status Start() {
    google::protobuf::SetLogHandler(&DropProtobufLog);
    gpr_set_log_function(&LogGrpc);
    grpc::EnableDefaultHealthCheckService(true);
    if (options_.reflection) grpc::reflection::InitProtoReflectionServerBuilderPlugin();

    for (const Service* service : services_) {
      if (absl::Status bound = Bind(*service); !bound.ok()) return bound;
    }
    grpc::ServerBuilder builder;
    Harden(builder);
    builder.AddListeningPort(options_.listen, credentials_, &port_);
    for (GrpcService& service : grpc_services_) builder.RegisterService(&service);
    server_ = builder.BuildAndStart();
    if (server_ == nullptr || port_ == 0) return PortTaken(options_.listen);

    std::vector<grpc::Server*> servers = {server_.get()};
    if (!options_.health_listen.empty()) {
      grpc::ServerBuilder health_builder;
      Harden(health_builder);
      health_builder.AddListeningPort(options_.health_listen, grpc::InsecureServerCredentials(), &health_port_);
      health_server_ = health_builder.BuildAndStart();
      if (health_server_ == nullptr || health_port_ == 0) return PortTaken(options_.health_listen);
      servers.push_back(health_server_.get());
    }
    health_.emplace(std::move(servers), ready_);
    telemetry::Info("serving", {{"port", absl::StrCat(port_)}, {"health_port", absl::StrCat(health_port_)}});
    return absl::OkStatus();
  }

  void Drain() {
    if (server_ == nullptr) return;
    telemetry::Info("draining");
    health_->ReportDraining();
    WaitUntilCallsStopComing();
    Stop(options_.drain_timeout);
  }

  void Stop(absl::Duration patience) {
    if (server_ == nullptr) return;
    streams_.DrainAll();
    server_->Shutdown(absl::ToChronoTime(absl::Now() + patience));
    health_.reset();
    if (health_server_ != nullptr) health_server_->Shutdown(absl::ToChronoTime(absl::Now()));
    server_.reset();
    health_server_.reset();
    telemetry::Info("drained");
  }

  int port() const { return port_; }
  int health_port() const { return health_port_; }
  Executor& executor() { return executor_; }

 private:
  // Every RPC of the descriptor has a handler and a policy, or the server does not start.
  absl::Status Bind(const Service& service) {
    GrpcService& grpc_service = grpc_services_.emplace_back(runtime_);
    std::set<const google::protobuf::MethodDescriptor*> bound;
    const auto bind = [&](const auto& handler) -> absl::Status {
      absl::StatusOr<options::v1::Policy> policy = auth::PolicyOf(*handler.descriptor);
      if (!policy.ok()) return policy.status();
      grpc_service.Add(handler, *std::move(policy));
      bound.insert(handler.descriptor);
      return absl::OkStatus();
    };
    for (const UnaryMethod& method : service.unary_methods()) {
      if (absl::Status status = bind(method); !status.ok()) return status;
    }
    for (const StreamMethod& method : service.stream_methods()) {
      if (absl::Status status = bind(method); !status.ok()) return status;
    }
    for (const DialogueMethod& method : service.dialogue_methods()) {
      if (absl::Status status = bind(method); !status.ok()) return status;
    }
    for (int i = 0; i < service.descriptor().method_count(); ++i) {
      const google::protobuf::MethodDescriptor* method = service.descriptor().method(i);
      if (!bound.contains(method)) {
        return absl::FailedPreconditionError(absl::StrCat("no handler for ", method->full_name()));
      }
    }
    return absl::OkStatus();
  }

  // Clients and load balancers need a moment to see that we are not ready; stopping before that costs calls.
  void WaitUntilCallsStopComing() {
    const absl::Time give_up = absl::Now() + options_.lame_duck_max;
    uint64_t seen = runtime_.arrivals.load();
    absl::Time quiet_since = absl::Now();
    while (absl::Now() < give_up && absl::Now() - quiet_since < options_.lame_duck_quiet) {
      absl::SleepFor(absl::Milliseconds(50));
      const uint64_t arrivals = runtime_.arrivals.load();
      if (arrivals != seen) quiet_since = absl::Now();
      seen = arrivals;
    }
  }

  const ServerOptions options_;
  const std::shared_ptr<grpc::ServerCredentials> credentials_;
  const std::function<absl::Status()> ready_;
  // Below, what calls use outlives them: members are destroyed from the last to the first.
  Timer timer_;
  StreamSet streams_;
  Executor executor_;
  Runtime runtime_;
  std::vector<const Service*> services_;
  std::deque<GrpcService> grpc_services_;
  int port_ = 0;
  int health_port_ = 0;
  std::unique_ptr<grpc::Server> server_;
  std::unique_ptr<grpc::Server> health_server_;
  std::optional<HealthReporter> health_;
};

Server::Server(ServerOptions options, const auth::Authenticator& authenticator,
               std::shared_ptr<grpc::ServerCredentials> credentials, std::function<absl::Status()> ready)
    : impl_(std::make_unique<Impl>(std::move(options), authenticator, std::move(credentials), std::move(ready))) {}

Server::~Server() { impl_->Stop(absl::Seconds(5)); }

void Server::Add(const Service& service) { impl_->Add(service); }
absl::Status Server::Start() { return impl_->Start(); }
int Server::port() const { return impl_->port(); }
int Server::health_port() const { return impl_->health_port(); }
Executor& Server::executor() { return impl_->executor(); }
void Server::Drain() { impl_->Drain(); }

}  // namespace masthead::rpc
