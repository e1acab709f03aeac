#include "services/articles/workers/schedule_worker.h"

#include <algorithm>
#include <optional>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "common/failpoint/failpoint.h"
#include "common/rpc/call_runner.h"
#include "common/telemetry/log.h"
#include "common/telemetry/metrics.h"
#include "services/articles/article/article_store.h"
#include "services/articles/publishing/publication.h"
#include "services/articles/publishing/publishing.h"
#include "services/articles/publishing/schedule_store.h"

namespace masthead::articles {
namespace {

constexpr int kBatch = 50;
constexpr absl::Duration kMaxPause = absl::Seconds(1);
constexpr absl::Duration kMinPause = absl::Milliseconds(5);

prometheus::Counter& CarriedOut(const char* outcome) {
  return telemetry::Counter("masthead_articles_schedules_total", "Plans that the clock carried out, or gave up.",
                            {{"outcome", outcome}});
}

void Count(Outcome outcome) {
  static prometheus::Counter& published = CarriedOut("published");
  static prometheus::Counter& lapsed = CarriedOut("lapsed");
  if (outcome == Outcome::kPublished || outcome == Outcome::kUpdated) published.Increment();
  if (outcome == Outcome::kLapsed) lapsed.Increment();
}

prometheus::Gauge& Held() {
  static prometheus::Gauge& gauge =
      telemetry::Gauge("masthead_articles_schedules_held", "Plans that are overdue because lawyers hold the article.");
  return gauge;
}

}  // namespace

absl::StatusOr<int> ScheduleWorker::PublishDue(const Scope& scope, int limit, int skip) {
  return rpc::Firewall("articles.schedule", [&] {
    return database_.Write(scope, [&](db::Transaction& tx) -> absl::StatusOr<int> {
      std::vector<Article> due = LockDuePublications(tx, limit, skip);
      if (due.empty()) return 0;
      failpoint::Hit("articles.schedule.claimed");
      const absl::Time now = Now(tx);
      for (Article& article : due) {
        ASSIGN_OR_RETURN(const Publication publication, CarryOut(article, now));
        StorePublication(tx, announcer_, article, publication, now);
        tx.AfterCommit([name = ArticleName(article.id), outcome = publication.outcome] {
          Count(outcome);
          if (outcome == Outcome::kLapsed) telemetry::Warning("a plan lapsed unpublished", {{"article", name}});
        });
      }
      return static_cast<int>(due.size());
    });
  });
}

absl::StatusOr<int> ScheduleWorker::WithdrawDue(const Scope& scope, int limit, int skip) {
  static prometheus::Counter& withdrawn = CarriedOut("withdrawn");
  return rpc::Firewall("articles.schedule", [&] {
    return database_.Write(scope, [&](db::Transaction& tx) -> absl::StatusOr<int> {
      std::vector<Article> due = LockDueWithdrawals(tx, limit, skip);
      if (due.empty()) return 0;
      failpoint::Hit("articles.withdrawal.claimed");
      const absl::Time now = Now(tx);
      for (Article& article : due) {
        RETURN_IF_ERROR(Unpublish(article, now));
        StoreWithdrawal(tx, announcer_, article, now);
      }
      tx.AfterCommit([count = due.size()] { withdrawn.Increment(static_cast<double>(count)); });
      return static_cast<int>(due.size());
    });
  });
}

absl::Status ScheduleWorker::CarryOutAll(const Scope& scope, Step step) {
  for (;;) {
    ASSIGN_OR_RETURN(const int done, (this->*step)(scope, kBatch, /*skip=*/0));
    if (done < kBatch) return absl::OkStatus();
  }
}

void ScheduleWorker::CarryOutAroundFailures(const Scope& scope, Step step) {
  for (int failed = 0; failed < kBatch;) {
    const absl::StatusOr<int> done = (this->*step)(scope, /*limit=*/1, /*skip=*/failed);
    if (done.ok() && *done == 0) return;
    if (!done.ok()) ++failed;
  }
}

void ScheduleWorker::TellHeld(int64_t held) {
  Held().Set(static_cast<double>(held));
  if (held > told_held_) {
    telemetry::Warning("scheduled publications are overdue: lawyers hold them", {{"held", absl::StrCat(held)}});
  }
  told_held_ = held;
}

absl::Duration ScheduleWorker::Run(const Scope& scope) {
  bool failed = false;
  for (const Step step : {&ScheduleWorker::WithdrawDue, &ScheduleWorker::PublishDue}) {
    const absl::Status done = CarryOutAll(scope, step);
    if (done.ok()) continue;
    if (absl::IsCancelled(done)) return kMaxPause;
    failed = true;
    telemetry::Warning("schedules are late", {{"error", done.ToString()}});
    if (!absl::IsUnavailable(done) && !absl::IsDeadlineExceeded(done)) CarryOutAroundFailures(scope, step);
  }
  struct Ahead {
    std::optional<absl::Duration> next;
    int64_t held = 0;
  };
  const absl::StatusOr<Ahead> ahead = database_.Read(
      scope, [](db::Transaction& tx) { return Ahead{.next = UntilNextDue(tx), .held = CountHeldPublications(tx)}; });
  if (!ahead.ok()) return kMaxPause;
  TellHeld(ahead->held);
  if (failed) return kMaxPause;
  return std::clamp(ahead->next.value_or(kMaxPause), kMinPause, kMaxPause);
}

}  // namespace masthead::articles
