#include "common/rpc/health.h"

#include <string>
#include <utility>

#include "absl/time/clock.h"
#include "common/telemetry/log.h"
#include "grpcpp/health_check_service_interface.h"

namespace masthead::rpc {
namespace {

constexpr absl::Duration kWhileReady = absl::Seconds(1);
constexpr absl::Duration kWhileNotReady = absl::Milliseconds(200);

}  // namespace

HealthReporter::HealthReporter(std::vector<grpc::Server*> servers, std::function<absl::Status()> ready)
    : servers_(std::move(servers)), ready_(std::move(ready)) {
  for (grpc::Server* server : servers_) server->GetHealthCheckService()->SetServingStatus("liveness", true);
  Report(false);
  thread_ = std::thread([this] { Loop(); });
}

HealthReporter::~HealthReporter() {
  {
    MutexLock lock(mutex_);
    stopping_ = true;
  }
  changed_.NotifyAll();
  thread_.join();
}

void HealthReporter::ReportDraining() {
  MutexLock lock(mutex_);
  draining_ = true;
  Report(false);
}

void HealthReporter::Loop() {
  bool was_ready = false;
  while (true) {
    const absl::Status ready = ready_();
    if (ready.ok() != was_ready) {
      telemetry::Info(ready.ok() ? "ready" : "not ready", {{"why", std::string(ready.message())}});
    }
    was_ready = ready.ok();
    MutexLock lock(mutex_);
    if (stopping_) return;
    if (!draining_) Report(ready.ok());
    const absl::Time next = absl::Now() + (ready.ok() ? kWhileReady : kWhileNotReady);
    while (!stopping_ && changed_.WaitUntil(mutex_, next)) {
    }
    if (stopping_) return;
  }
}

void HealthReporter::Report(bool serving) {
  for (grpc::Server* server : servers_) {
    grpc::HealthCheckServiceInterface* health = server->GetHealthCheckService();
    health->SetServingStatus("", serving);
    health->SetServingStatus("readiness", serving);
  }
}

}  // namespace masthead::rpc
