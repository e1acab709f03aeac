#include "services/articles/workers/maintenance.h"

#include "absl/status/statusor.h"
#include "common/idempotency/mutation.h"
#include "common/telemetry/log.h"

namespace masthead::articles {
namespace {

constexpr absl::Duration kEventsKept = absl::Hours(30 * 24);
constexpr absl::Duration kInterval = absl::Minutes(10);
constexpr absl::Duration kSoon = absl::Seconds(1);

}  // namespace

absl::Duration Maintain(db::Database& database, events::Feed& feed, const Scope& scope) {
  const absl::StatusOr<int64_t> removed =
      database.Write(scope, [](db::Transaction& tx) { return idempotency::RemoveExpired(tx); });
  const absl::Status trimmed = feed.Trim(scope, kEventsKept);
  for (const absl::Status& status : {removed.status(), trimmed}) {
    if (!status.ok() && !absl::IsCancelled(status))
      telemetry::Warning("maintenance failed", {{"error", status.ToString()}});
  }
  return removed.ok() && *removed > 0 ? kSoon : kInterval;
}

}  // namespace masthead::articles
