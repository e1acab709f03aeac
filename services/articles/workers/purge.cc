#include "services/articles/workers/purge.h"

#include <vector>

#include "absl/status/statusor.h"
#include "common/telemetry/log.h"
#include "services/articles/publishing/deletion_store.h"

namespace masthead::articles {
namespace {

constexpr int kBatch = 50;
constexpr absl::Duration kInterval = absl::Minutes(10);
constexpr absl::Duration kPauseBetweenBatches = absl::Milliseconds(100);

}  // namespace

absl::Duration PurgeDeleted(db::Database& database, const Scope& scope) {
  const absl::StatusOr<bool> purged = database.Write(scope, [](db::Transaction& tx) {
    const std::vector<Article> due = LockPurgeable(tx, kBatch);
    for (const Article& article : due) PurgeArticle(tx, article);
    return !due.empty();
  });
  if (!purged.ok() && !absl::IsCancelled(purged.status())) {
    telemetry::Warning("purging failed and will be tried again", {{"error", purged.status().ToString()}});
  }
  return purged.value_or(false) ? kPauseBetweenBatches : kInterval;
}

}  // namespace masthead::articles
