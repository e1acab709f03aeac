#include "services/notifications/worker.h"

#include <memory>
#include <utility>

#include "absl/time/clock.h"
#include "common/rpc/call_runner.h"
#include "common/telemetry/log.h"

namespace masthead::notifications {

constexpr absl::Duration kPauseAfterError = absl::Milliseconds(500);

Worker::Worker(std::string name, Step step, absl::Duration poll, rpc::Bell* bell)
    : name_(std::move(name)), step_(std::move(step)), poll_(poll), bell_(bell) {}

Worker::~Worker() { Stop(); }

void Worker::Start() {
  thread_ = std::thread([this] { Loop(); });
}

void Worker::Stop() {
  {
    MutexLock lock(mutex_);
    stopping_.Cancel();
    changed_.NotifyAll();
  }
  if (thread_.joinable()) thread_.join();
}

void Worker::Loop() {
  std::unique_ptr<rpc::Bell::Subscription> subscription;
  if (bell_ != nullptr) {
    subscription = std::make_unique<rpc::Bell::Subscription>(*bell_, [this] {
      MutexLock lock(mutex_);
      woken_ = true;
      changed_.NotifyAll();
    });
  }
  while (!stopping_.cancelled()) {
    const absl::StatusOr<bool> more = rpc::Firewall(name_, [&] { return step_(stopping_); });
    if (!more.ok()) {
      if (!stopping_.cancelled())
        telemetry::Warning("worker step failed", {{"worker", name_}, {"status", more.status().ToString()}});
      Wait(kPauseAfterError);
    } else if (!*more) {
      Wait(poll_);
    }
  }
}

void Worker::Wait(absl::Duration pause) {
  const absl::Time until = absl::Now() + pause;
  MutexLock lock(mutex_);
  while (!stopping_.cancelled() && !woken_ && changed_.WaitUntil(mutex_, until)) {
  }
  woken_ = false;
}

}  // namespace masthead::notifications
