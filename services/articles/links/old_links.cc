#include "services/articles/links/old_links.h"

#include "absl/status/statusor.h"
#include "common/telemetry/log.h"
#include "services/articles/links/link_store.h"

namespace masthead::articles {
namespace {

constexpr absl::Duration kInterval = absl::Hours(1);
constexpr absl::Duration kSoon = absl::Seconds(1);

}  // namespace

absl::Duration ForgetOldLinks(db::Database& database, const Scope& scope) {
  const absl::StatusOr<int64_t> removed = database.Write(scope, [](db::Transaction& tx) { return RemoveOldLinks(tx); });
  if (!removed.ok() && !absl::IsCancelled(removed.status())) {
    telemetry::Warning("old links are kept and will be tried again", {{"status", removed.status().ToString()}});
  }
  return removed.ok() && *removed > 0 ? kSoon : kInterval;
}

}  // namespace masthead::articles
