// Live coverage: what it and its updates are. Plain values in, plain values out.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/base/errors.h"
#include "services/articles/article/block.h"

namespace masthead::articles {

struct LiveCoverage {
  std::string id;
  int64_t version = 1;
  std::string headline;
  std::string dek;
  std::string language_code;
  int64_t last_seq = 0;
  absl::Time create_time;
  absl::Time update_time;
  std::optional<absl::Time> close_time;  // Unset while it is open.
};

struct LiveUpdate {
  std::string coverage_id;
  std::string id;
  int64_t seq = 0;
  int64_t revision = 1;
  std::string headline;
  std::vector<Block> body;
  std::vector<std::string> contributor_ids;
  bool pinned = false;
  bool deleted = false;
  std::string breakout_article_id;  // Of the article that was made of it; empty without one.
  absl::Time create_time;
  absl::Time update_time;
};

// Normalise and check, as the fields `live_coverage` and `live_update` of a request.
void CheckLiveCoverage(LiveCoverage& coverage, FieldViolations& violations);
void CheckLiveUpdate(LiveUpdate& update, FieldViolations& violations);

// Leaves nothing of the update but that it was.
void TakeBack(LiveUpdate& update);

std::string LiveUpdateName(absl::string_view coverage_id, absl::string_view update_id);

}  // namespace masthead::articles
