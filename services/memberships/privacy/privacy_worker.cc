#include "services/memberships/privacy/privacy_worker.h"

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "common/telemetry/log.h"
#include "services/memberships/privacy/leave_taking.h"

namespace masthead::memberships {
namespace {

constexpr absl::Duration kLeavePoll = absl::Seconds(2);
constexpr absl::Duration kPauseAfterFailure = absl::Seconds(10);
// Leaves the database to the callers in between; a million members take some minutes.
constexpr absl::Duration kPauseBetweenRows = absl::Milliseconds(200);
// A replica that has the new key on top reaches by its next walk what one that has not yet had written meanwhile.
constexpr absl::Duration kPauseBetweenWalks = absl::Hours(6);

absl::Duration PauseAfter(absl::string_view step, const absl::Status& failure) {
  if (!absl::IsCancelled(failure)) {
    telemetry::Warning("a step failed and will be tried again",
                       {{"step", std::string(step)}, {"code", absl::StatusCodeToString(failure.code())}});
  }
  return kPauseAfterFailure;
}

}  // namespace

PrivacyWorker::PrivacyWorker(db::Database& database, const Providers& providers, const AddressKeys& keys)
    : database_(database),
      providers_(providers),
      rewrapping_(database, keys),
      leaving_("memberships.leaving", [this](const Scope& scope) { return TakeLeaves(scope); }),
      wrapping_("memberships.rewrapping", [this](const Scope& scope) { return Rewrap(scope); }) {}

void PrivacyWorker::Start() {
  leaving_.Start();
  wrapping_.Start();
}

void PrivacyWorker::Stop() {
  leaving_.Stop();
  wrapping_.Stop();
}

absl::Duration PrivacyWorker::TakeLeaves(const Scope& scope) {
  const absl::StatusOr<bool> took = TakeLeave(database_, providers_, scope);
  if (!took.ok()) return PauseAfter("tell providers of an erased member", took.status());
  return *took ? absl::ZeroDuration() : kLeavePoll;
}

absl::Duration PrivacyWorker::Rewrap(const Scope& scope) {
  const absl::StatusOr<bool> more = rewrapping_.Step(scope);
  if (!more.ok()) return PauseAfter("wrap keys again", more.status());
  if (*more) return kPauseBetweenRows;
  if (rewrapping_.unopened() > 0) {
    telemetry::Error("keys of rows that no address key opens", {{"rows", absl::StrCat(rewrapping_.unopened())}});
  } else if (rewrapping_.wrapped() > 0) {
    telemetry::Info("the first address key wraps every row: former ones but the last may leave the file",
                    {{"wrapped_again", absl::StrCat(rewrapping_.wrapped())}});
  }
  return kPauseBetweenWalks;
}

}  // namespace masthead::memberships
