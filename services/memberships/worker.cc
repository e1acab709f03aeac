#include "services/memberships/worker.h"

#include <string>

#include "absl/status/statusor.h"
#include "common/telemetry/log.h"
#include "services/memberships/cashier/due_checkouts.h"
#include "services/memberships/gifts/due_gifts.h"
#include "services/memberships/members/milestones.h"
#include "services/memberships/subscriptions/billing_clock.h"
#include "services/memberships/subscriptions/due_changes.h"

namespace masthead::memberships {
namespace {

constexpr absl::Duration kPoll = absl::Milliseconds(500);
constexpr absl::Duration kBillingPoll = absl::Seconds(1);
// In one transaction: few enough that whoever calls about one of them waits for little.
constexpr int kSubscriptionsAtATime = 100;

void LogFailure(absl::string_view what, const absl::Status& status) {
  if (status.ok() || absl::IsCancelled(status)) return;
  telemetry::Warning("a step failed and will be tried again",
                     {{"step", std::string(what)}, {"code", absl::StatusCodeToString(status.code())}});
}

}  // namespace

Worker::Worker(db::Database& database, events::Feed& feed, const crypto::MacKey& mac_key, absl::TimeZone newsroom_zone)
    : database_(database),
      feed_(feed),
      gift_codes_(mac_key),
      newsroom_zone_(newsroom_zone),
      thread_("memberships.worker", [this](const Scope& scope) { return AnnounceChanges(scope); }),
      billing_("memberships.billing", [this](const Scope& scope) { return BillSubscriptions(scope); }),
      gifts_("memberships.gifts", [this](const Scope& scope) { return HandOverGifts(scope); }) {}

void Worker::Start() {
  thread_.Start();
  billing_.Start();
  gifts_.Start();
}

void Worker::Stop() {
  thread_.Stop();
  billing_.Stop();
  gifts_.Stop();
}

absl::Duration Worker::AnnounceChanges(const Scope& scope) {
  while (!scope.cancelled()) {
    const absl::StatusOr<int> looked_at = AnnounceDueChanges(database_, feed_, scope);
    LogFailure("announce due changes", looked_at.status());
    if (!looked_at.ok() || *looked_at == 0) break;
  }
  LogFailure("expire checkouts", ExpireDueCheckouts(database_, feed_, scope).status());
  LogFailure("announce milestones", AnnounceMilestones(database_, feed_, scope));
  return kPoll;
}

absl::Duration Worker::BillSubscriptions(const Scope& scope) {
  while (!scope.cancelled()) {
    const absl::StatusOr<int> moved = RunDueSubscriptions(database_, feed_, scope, kSubscriptionsAtATime);
    LogFailure("bill due subscriptions", moved.status());
    if (!moved.ok() || *moved == 0) break;
  }
  return kBillingPoll;
}

absl::Duration Worker::HandOverGifts(const Scope& scope) {
  while (!scope.cancelled()) {
    const absl::StatusOr<int> handed = RunDueGifts(database_, feed_, gift_codes_, newsroom_zone_, scope);
    LogFailure("hand over gifts", handed.status());
    if (!handed.ok() || *handed == 0) break;
  }
  return kPoll;
}

}  // namespace masthead::memberships
