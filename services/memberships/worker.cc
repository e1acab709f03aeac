#include "services/memberships/worker.h"

#include <string>

#include "absl/status/statusor.h"
#include "absl/time/clock.h"
#include "common/idempotency/mutation.h"
#include "common/rpc/call_runner.h"
#include "common/telemetry/log.h"
#include "services/memberships/members/milestones.h"
#include "services/memberships/subscriptions/due_changes.h"

namespace masthead::memberships {
namespace {

constexpr absl::Duration kPoll = absl::Milliseconds(500);
constexpr absl::Duration kForgetEvery = absl::Minutes(10);
constexpr absl::Duration kStepTime = absl::Seconds(10);
constexpr absl::Duration kEventsKept = absl::Hours(24 * 30);

void LogFailure(absl::string_view what, const absl::Status& status) {
  if (status.ok() || absl::IsCancelled(status)) return;
  telemetry::Warning("a step failed and will be tried again",
                     {{"step", std::string(what)}, {"code", absl::StatusCodeToString(status.code())}});
}

}  // namespace

void Worker::Start() { thread_ = std::thread(&Worker::Loop, this); }

void Worker::Stop() {
  {
    MutexLock lock(mutex_);
    stopping_ = true;
    changed_.NotifyAll();
  }
  cancellation_.Cancel();
  if (thread_.joinable()) thread_.join();
}

void Worker::Loop() {
  absl::Time next_forgetting = absl::Now();
  do {
    const absl::Status status = rpc::Firewall("memberships.worker", [&] {
      AnnounceChanges();
      if (absl::Now() >= next_forgetting) {
        Forget();
        next_forgetting = absl::Now() + kForgetEvery;
      }
      return absl::OkStatus();
    });
    LogFailure("work", status);
  } while (!StoppedWithin(kPoll));
}

void Worker::AnnounceChanges() {
  while (!cancellation_.cancelled()) {
    const absl::StatusOr<int> looked_at =
        AnnounceDueChanges(database_, feed_, {absl::Now() + kStepTime, &cancellation_});
    LogFailure("announce due changes", looked_at.status());
    if (!looked_at.ok() || *looked_at == 0) break;
  }
  LogFailure("announce milestones", AnnounceMilestones(database_, feed_, {absl::Now() + kStepTime, &cancellation_}));
}

void Worker::Forget() {
  LogFailure("trim the feed", feed_.Trim({absl::Now() + kStepTime, &cancellation_}, kEventsKept));
  while (!cancellation_.cancelled()) {
    const absl::StatusOr<int64_t> removed = database_.Write(
        {absl::Now() + kStepTime, &cancellation_}, [](db::Transaction& tx) { return idempotency::RemoveExpired(tx); });
    LogFailure("forget answers", removed.status());
    if (!removed.ok() || *removed == 0) break;
  }
}

bool Worker::StoppedWithin(absl::Duration pause) {
  const absl::Time until = absl::Now() + pause;
  MutexLock lock(mutex_);
  while (!stopping_) {
    if (!changed_.WaitUntil(mutex_, until)) return stopping_;
  }
  return true;
}

}  // namespace masthead::memberships
