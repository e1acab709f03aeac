// Live coverage in Postgres.
//
// A coverage's row counts its changes: whoever changes an update holds that row's lock until the commit. So the numbers
// have no gaps, and who sees one sees all before it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "common/db/database.h"
#include "services/articles/live/live_coverage.h"

namespace masthead::articles {

// False if the ID is taken. The times come back in `coverage`.
bool InsertLiveCoverage(db::Transaction& tx, LiveCoverage& coverage);
std::optional<LiveCoverage> LoadLiveCoverage(db::Transaction& tx, const std::string& id);
std::optional<LiveCoverage> LockLiveCoverage(db::Transaction& tx, const std::string& id);
// Counts the write; version and time come back in `coverage`, which `tx` has locked.
void SaveLiveCoverage(db::Transaction& tx, LiveCoverage& coverage);

struct LiveCoveragePosition {
  absl::Time create_time;
  std::string id;
};

// The latest created first, those after `after`.
std::vector<LiveCoverage> LoadLiveCoverages(db::Transaction& tx, const std::optional<LiveCoveragePosition>& after,
                                            int limit);

// The next number of a coverage that `tx` has locked.
int64_t NextSeq(db::Transaction& tx, const std::string& coverage_id);

// The times come back in `update`.
void InsertLiveUpdate(db::Transaction& tx, LiveUpdate& update);
std::optional<LiveUpdate> LoadLiveUpdate(db::Transaction& tx, const std::string& coverage_id, const std::string& id);
// The time comes back in `update`.
void SaveLiveUpdate(db::Transaction& tx, LiveUpdate& update);

// Those that changed after `after_seq`, in the order of their numbers, tombstones included.
std::vector<LiveUpdate> LoadChangedUpdates(db::Transaction& tx, const std::string& coverage_id, int64_t after_seq,
                                           int limit);

// Where a page of what readers see starts: after this update.
struct LiveUpdatePosition {
  bool pinned = false;
  absl::Time create_time;
  std::string id;
};

// The pinned first, then the latest created first, without tombstones.
std::vector<LiveUpdate> LoadShownUpdates(db::Transaction& tx, const std::string& coverage_id,
                                         const std::optional<LiveUpdatePosition>& after, int limit);

}  // namespace masthead::articles
