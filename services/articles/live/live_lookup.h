// From names in a request to a coverage and its updates, to be changed.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/db/database.h"
#include "common/idempotency/mutation.h"
#include "services/articles/live/live_coverage.h"
#include "services/articles/live/live_proto.h"

namespace masthead::articles {

// Locked. COVERAGE_NOT_FOUND, COVERAGE_CLOSED.
absl::StatusOr<LiveCoverage> FindOpenCoverageForChange(db::Transaction& tx, const std::string& id);

// An update of an open coverage, which is locked; notes it in `change`. LIVE_UPDATE_NOT_FOUND, ETAG_REQUIRED,
// ETAG_MISMATCH, and as FindOpenCoverageForChange.
absl::StatusOr<LiveUpdate> FindLiveUpdateForChange(db::Transaction& tx, const LiveUpdateKey& key,
                                                   absl::string_view etag, idempotency::Change& change);

}  // namespace masthead::articles
