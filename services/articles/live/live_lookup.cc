#include "services/articles/live/live_lookup.h"

#include <optional>
#include <utility>

#include "common/base/status_macros.h"
#include "common/resource/etag.h"
#include "services/articles/article/article.h"
#include "services/articles/errors.h"
#include "services/articles/live/live_store.h"

namespace masthead::articles {

absl::StatusOr<LiveCoverage> FindOpenCoverageForChange(db::Transaction& tx, const std::string& id) {
  std::optional<LiveCoverage> coverage = LockLiveCoverage(tx, id);
  if (!coverage.has_value()) return CoverageNotFound(LiveCoverageName(id));
  if (coverage->close_time.has_value()) return CoverageClosed(LiveCoverageName(id));
  return *std::move(coverage);
}

absl::StatusOr<LiveUpdate> FindLiveUpdateForChange(db::Transaction& tx, const LiveUpdateKey& key,
                                                   absl::string_view etag, idempotency::Change& change) {
  RETURN_IF_ERROR(FindOpenCoverageForChange(tx, key.coverage_id).status());
  const std::string name = LiveUpdateName(key.coverage_id, key.id);
  std::optional<LiveUpdate> update = LoadLiveUpdate(tx, key.coverage_id, key.id);
  if (!update.has_value() || update->deleted) return LiveUpdateNotFound(name);
  RETURN_IF_ERROR(resource::CheckEtag(etag, update->revision, name));
  change = {.resource = name, .revision_before = update->revision, .revision_after = update->revision};
  return *std::move(update);
}

}  // namespace masthead::articles
