// A gRPC server as Masthead runs it: capped, watched, drained.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/auth/authenticator.h"
#include "common/rpc/call_log.h"
#include "common/rpc/executor.h"
#include "common/rpc/service.h"
#include "grpcpp/security/server_credentials.h"

namespace masthead::rpc {

struct ServerOptions {
  std::string listen = "0.0.0.0:8443";  // host:port; port 0 picks one.
  std::string health_listen =
      "0.0.0.0:8081";  // Plain text, health only: kubelet's probes cannot speak TLS. Empty: none.
  bool reflection = true;
  int executor_threads = 8;
  size_t max_queued_calls = 256;
  // How long a call may have to wait for a thread, as far as can be told on its arrival; above, it is refused at once.
  absl::Duration max_queue_wait = absl::Milliseconds(250);
  // Bounds a call whose client set no deadline, or one further away. Streams are not bounded by it.
  absl::Duration max_deadline = absl::Seconds(30);
  // How long one message of a stream may wait for its reader.
  absl::Duration stream_write_timeout = absl::Seconds(20);
  // How long a stream may wait for its client's next message.
  absl::Duration stream_read_timeout = absl::Seconds(60);
  CallLog log_calls = CallLog::kFaults;
  // While draining: how long without a new call counts as "calls stopped coming", how long to wait for that at most,
  // and how long calls in flight may take after it. Kubernetes' grace period is longer than all together.
  absl::Duration lame_duck_quiet = absl::Seconds(2);
  absl::Duration lame_duck_max = absl::Seconds(6);
  absl::Duration drain_timeout = absl::Seconds(25);
};

// Serves `services` until Drain(). Health: the services "" and "readiness" follow `ready`; "liveness" is the process.
class Server {
 public:
  Server(ServerOptions options, const auth::Authenticator& authenticator,
         std::shared_ptr<grpc::ServerCredentials> credentials, std::function<absl::Status()> ready);
  ~Server();  // Drains without a lame-duck phase if still serving.

  // Before Start().
  void Add(const Service& service);

  // FAILED_PRECONDITION if an RPC of an added service has no handler or no policy; UNAVAILABLE if a port cannot be had.
  absl::Status Start();

  int port() const;
  int health_port() const;
  Executor& executor();

  // Not ready; waits until calls stop coming; ends streams with a resumable status (STREAM_DRAINED); lets calls in
  // flight finish. Blocks.
  void Drain();

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

// Blocks SIGTERM and SIGINT in this thread and all made after it. Call first in main.
void BlockStopSignals();

// Waits for one of them.
void WaitForStopSignal();

}  // namespace masthead::rpc
