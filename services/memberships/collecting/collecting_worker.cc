#include "services/memberships/collecting/collecting_worker.h"

#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/telemetry/log.h"
#include "services/memberships/collecting/asking.h"
#include "services/memberships/collecting/reconciling.h"

namespace masthead::memberships {
namespace {

constexpr absl::Duration kPoll = absl::Milliseconds(250);
constexpr absl::Duration kParkedPoll = absl::Seconds(1);
constexpr absl::Duration kReconcilePoll = absl::Seconds(30);
constexpr absl::Duration kPauseAfterFailure = absl::Seconds(2);

absl::Duration PauseAfter(absl::string_view step, const absl::Status& failure) {
  if (!absl::IsCancelled(failure)) {
    telemetry::Warning("a step failed and will be tried again",
                       {{"step", std::string(step)}, {"code", absl::StatusCodeToString(failure.code())}});
  }
  return kPauseAfterFailure;
}

}  // namespace

CollectingWorker::CollectingWorker(db::Database& database, events::Feed& feed, Inbox& inbox, const Providers& providers)
    : database_(database),
      feed_(feed),
      inbox_(inbox),
      providers_(providers),
      asking_("memberships.asking.1", [this](const Scope& scope) { return Ask(scope); }),
      asking_too_("memberships.asking.2", [this](const Scope& scope) { return Ask(scope); }),
      retrying_("memberships.parked_events", [this](const Scope& scope) { return RetryParked(scope); }),
      reconciling_("memberships.reconciling", [this](const Scope& scope) { return LookForLostEvents(scope); }) {}

void CollectingWorker::Start() {
  for (worker::RepeatingThread* thread : {&asking_, &asking_too_, &retrying_, &reconciling_}) thread->Start();
}

void CollectingWorker::Stop() {
  for (worker::RepeatingThread* thread : {&asking_, &asking_too_, &retrying_, &reconciling_}) thread->Stop();
}

absl::Duration CollectingWorker::Ask(const Scope& scope) {
  const absl::StatusOr<int> asked = AskProviders(database_, feed_, providers_, scope);
  if (!asked.ok()) return PauseAfter("ask payment providers", asked.status());
  return *asked > 0 ? absl::ZeroDuration() : kPoll;
}

absl::Duration CollectingWorker::RetryParked(const Scope& scope) {
  const absl::StatusOr<bool> tried = inbox_.RetryParked(scope);
  if (!tried.ok()) return PauseAfter("retry a parked event", tried.status());
  return *tried ? absl::ZeroDuration() : kParkedPoll;
}

absl::Duration CollectingWorker::LookForLostEvents(const Scope& scope) {
  const absl::StatusOr<int> lost = Reconcile(database_, inbox_, providers_, scope);
  if (!lost.ok()) return PauseAfter("look for lost events", lost.status());
  return kReconcilePoll;
}

}  // namespace masthead::memberships
