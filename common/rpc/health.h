// Keeps the health services of a server's ports in step with whether it is ready.
#pragma once

#include <functional>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "common/base/mutex.h"
#include "grpcpp/server.h"

namespace masthead::rpc {

// "" and "readiness" follow `ready`, asked once a second and five times a second while it says no; "liveness" is
// SERVING as long as the process runs: a database that is away is no reason to be restarted.
class HealthReporter {
 public:
  HealthReporter(std::vector<grpc::Server*> servers, std::function<absl::Status()> ready);
  ~HealthReporter();

  // For good: the server is about to stop.
  void ReportDraining();

 private:
  void Loop();
  void Report(bool serving);

  const std::vector<grpc::Server*> servers_;
  const std::function<absl::Status()> ready_;
  Mutex mutex_;
  CondVar changed_;
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  bool draining_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

}  // namespace masthead::rpc
