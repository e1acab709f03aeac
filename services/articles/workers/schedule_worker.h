// Carries out schedules. The row is the job: due rows are claimed by whichever replica comes first, and state, pointer
// and event commit together. What was due while nothing ran is simply due.
#pragma once

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/base/scope.h"
#include "common/db/database.h"
#include "services/articles/announcing/announcer.h"

namespace masthead::articles {

class ScheduleWorker {
 public:
  ScheduleWorker(db::Database& database, Announcer& announcer) : database_(database), announcer_(announcer) {}

  // Publishes what is due, at most `limit` and without the first `skip`, and gives the number.
  absl::StatusOr<int> PublishDue(const Scope& scope, int limit, int skip);

  // PublishDue until nothing is due, then the time until it is worth looking again: a second at most. What cannot be
  // published is tried again, and does not hold up the others.
  absl::Duration Run(const Scope& scope);

 private:
  absl::Status PublishAll(const Scope& scope);
  void PublishAroundFailures(const Scope& scope);

  db::Database& database_;
  Announcer& announcer_;
};

}  // namespace masthead::articles
