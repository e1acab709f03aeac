#include "common/worker/repeating_thread.h"

#include <utility>

#include "absl/status/statusor.h"
#include "absl/time/clock.h"
#include "common/rpc/call_runner.h"

namespace masthead::worker {
namespace {

// Bounds one piece of work, so that a frozen database does not hold the thread.
constexpr absl::Duration kMaxWork = absl::Seconds(10);
constexpr absl::Duration kPauseAfterFailure = absl::Seconds(1);

}  // namespace

RepeatingThread::RepeatingThread(std::string name, std::function<absl::Duration(const Scope&)> work)
    : name_(std::move(name)), work_(std::move(work)) {}

RepeatingThread::~RepeatingThread() { Stop(); }

void RepeatingThread::Start() {
  thread_ = std::thread([this] { Loop(); });
}

void RepeatingThread::Stop() {
  {
    MutexLock lock(mutex_);
    stopping_ = true;
    stopped_.NotifyAll();
  }
  cancellation_.Cancel();
  if (thread_.joinable()) thread_.join();
}

void RepeatingThread::Loop() {
  for (;;) {
    const Scope scope = {.deadline = absl::Now() + kMaxWork, .cancellation = &cancellation_};
    const absl::StatusOr<absl::Duration> pause =
        rpc::Firewall(name_, [&]() -> absl::StatusOr<absl::Duration> { return work_(scope); });
    const absl::Time next = absl::Now() + pause.value_or(kPauseAfterFailure);
    MutexLock lock(mutex_);
    while (!stopping_ && stopped_.WaitUntil(mutex_, next)) {
    }
    if (stopping_) return;
  }
}

}  // namespace masthead::worker
