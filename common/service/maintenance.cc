#include "common/service/maintenance.h"

#include <cstdint>
#include <utility>

#include "common/base/status_macros.h"
#include "common/events/feed.h"
#include "common/idempotency/mutation.h"
#include "common/telemetry/log.h"

namespace masthead::service {
namespace {

constexpr absl::Duration kEventsKept = absl::Hours(30 * 24);
constexpr absl::Duration kInterval = absl::Minutes(10);
constexpr absl::Duration kPauseAfterFailure = absl::Minutes(1);
// Leaves the database to the callers in between.
constexpr absl::Duration kPauseBetweenBatches = absl::Milliseconds(100);

absl::Duration PauseAfter(const absl::StatusOr<bool>& more_left) {
  if (more_left.ok()) return *more_left ? kPauseBetweenBatches : kInterval;
  if (!absl::IsCancelled(more_left.status()))
    telemetry::Warning("maintenance failed and will be tried again", {{"status", more_left.status().ToString()}});
  return kPauseAfterFailure;
}

}  // namespace

Maintenance::Maintenance(db::Database& database, absl::Duration audit_kept, Own own)
    : database_(database),
      audit_kept_(audit_kept),
      own_(std::move(own)),
      thread_("maintenance", [this](const Scope& scope) { return PauseAfter(Run(scope)); }) {}

absl::StatusOr<bool> Maintenance::Run(const Scope& scope) {
  RETURN_IF_ERROR(events::TrimFeed(database_, scope, kEventsKept));
  ASSIGN_OR_RETURN(const int64_t answers, database_.Write(scope, idempotency::RemoveExpired));
  ASSIGN_OR_RETURN(const int64_t audited, database_.Write(scope, [&](db::Transaction& tx) {
    return idempotency::RemoveAudit(tx, audit_kept_);
  }));
  bool own_left = false;
  if (own_ != nullptr) {
    ASSIGN_OR_RETURN(own_left, own_(scope));
  }
  return own_left || answers + audited > 0;
}

}  // namespace masthead::service
