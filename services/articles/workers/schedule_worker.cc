#include "services/articles/workers/schedule_worker.h"

#include <algorithm>
#include <optional>
#include <vector>

#include "common/base/status_macros.h"
#include "common/failpoint/failpoint.h"
#include "common/rpc/call_runner.h"
#include "common/telemetry/log.h"
#include "common/telemetry/metrics.h"
#include "services/articles/article/article_store.h"
#include "services/articles/publishing/publication.h"
#include "services/articles/publishing/publishing.h"

namespace masthead::articles {
namespace {

constexpr int kBatch = 50;
constexpr absl::Duration kMaxPause = absl::Seconds(1);
constexpr absl::Duration kMinPause = absl::Milliseconds(5);

prometheus::Counter& ScheduledPublications() {
  static prometheus::Counter& counter =
      telemetry::Counter("masthead_articles_scheduled_publications_total", "Articles published by their schedule.");
  return counter;
}

}  // namespace

absl::StatusOr<int> ScheduleWorker::PublishDue(const Scope& scope, int limit, int skip) {
  const absl::StatusOr<int> published = rpc::Firewall("articles.schedule", [&] {
    return database_.Write(scope, [&](db::Transaction& tx) -> absl::StatusOr<int> {
      std::vector<Article> due = LockDueArticles(tx, limit, skip);
      if (due.empty()) return 0;
      failpoint::Hit("articles.schedule.claimed");
      const absl::Time now = Now(tx);
      for (Article& article : due) {
        RETURN_IF_ERROR(PublishScheduled(article, now));
        StorePublication(tx, announcer_, article, Outcome::kPublished, /*former_revision=*/0, /*substantive=*/true,
                         now);
      }
      return static_cast<int>(due.size());
    });
  });
  if (published.ok()) ScheduledPublications().Increment(*published);
  return published;
}

absl::Status ScheduleWorker::PublishAll(const Scope& scope) {
  for (;;) {
    ASSIGN_OR_RETURN(const int published, PublishDue(scope, kBatch, /*skip=*/0));
    if (published < kBatch) return absl::OkStatus();
  }
}

void ScheduleWorker::PublishAroundFailures(const Scope& scope) {
  for (int failed = 0; failed < kBatch;) {
    const absl::StatusOr<int> published = PublishDue(scope, /*limit=*/1, /*skip=*/failed);
    if (published.ok() && *published == 0) return;
    if (!published.ok()) ++failed;
  }
}

absl::Duration ScheduleWorker::Run(const Scope& scope) {
  const absl::Status published = PublishAll(scope);
  if (!published.ok()) {
    if (absl::IsCancelled(published)) return kMaxPause;
    telemetry::Warning("scheduled publications are late", {{"error", published.ToString()}});
    if (absl::IsInternal(published)) PublishAroundFailures(scope);
    return kMaxPause;
  }
  const absl::StatusOr<std::optional<absl::Duration>> next =
      database_.Read(scope, [](db::Transaction& tx) { return UntilNextDue(tx); });
  if (!next.ok() || !next->has_value()) return kMaxPause;
  return std::clamp(**next, kMinPause, kMaxPause);
}

}  // namespace masthead::articles
