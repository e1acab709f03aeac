#include "services/articles/live/live_coverage.h"

#include "absl/strings/str_cat.h"
#include "common/text/text.h"
#include "services/articles/article/article.h"
#include "services/articles/article/block_rules.h"
#include "services/articles/article/text_rules.h"

namespace masthead::articles {
namespace {

constexpr size_t kMaxUpdateBlocks = 100;
constexpr size_t kMaxContributors = 5;

// What makes no sense in a piece that everybody reads at once.
bool BelongsToArticles(const Block& block) {
  return std::holds_alternative<GatedBlocks>(block.kind) || std::holds_alternative<PaywallMarker>(block.kind) ||
         std::holds_alternative<RawHtml>(block.kind) || std::holds_alternative<LiveCoverageBlock>(block.kind);
}

}  // namespace

void CheckLiveCoverage(LiveCoverage& coverage, FieldViolations& violations) {
  text::CheckLine("live_coverage.headline", coverage.headline, 300, /*required=*/true, violations);
  text::CheckText("live_coverage.dek", coverage.dek, 1000, /*required=*/false, violations);
}

void CheckLiveUpdate(LiveUpdate& update, FieldViolations& violations) {
  text::CheckLine("live_update.headline", update.headline, 300, /*required=*/false, violations);
  CheckCount("live_update.body", update.body.size(), 0, kMaxUpdateBlocks, violations);
  for (size_t i = 0; i < update.body.size(); ++i) {
    if (!BelongsToArticles(update.body[i])) continue;
    violations.Add(absl::StrCat("live_update.body[", i, "]"), "is of a kind that only articles have");
  }
  CheckBody("live_update.body", update.body, violations);
  CheckCount("live_update.contributors", update.contributor_ids.size(), 0, kMaxContributors, violations);
  CheckEachOnce("live_update.contributors", update.contributor_ids, violations);
  if (update.headline.empty() && update.body.empty()) {
    violations.Add("live_update", "has neither a headline nor a body");
  }
}

void TakeBack(LiveUpdate& update) {
  update.deleted = true;
  update.pinned = false;
  update.headline.clear();
  update.body.clear();
  update.contributor_ids.clear();
  update.breakout_article_id.clear();
}

std::string LiveUpdateName(absl::string_view coverage_id, absl::string_view update_id) {
  return absl::StrCat(LiveCoverageName(coverage_id), "/updates/", update_id);
}

}  // namespace masthead::articles
