// Carries out schedules. The row is the job: due rows are claimed by whichever replica comes first, and state, pointer
// and event commit together. What was due while nothing ran is simply due.
#pragma once

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/base/scope.h"
#include "common/db/database.h"
#include "services/articles/announcing/announcer.h"

namespace masthead::articles {

class ScheduleWorker {
 public:
  ScheduleWorker(db::Database& database, Announcer& announcer) : database_(database), announcer_(announcer) {}

  // Publishes what is due, up to a batch, and gives the number.
  absl::StatusOr<int> PublishDue(const Scope& scope);

  // PublishDue until nothing is due, then the time until it is worth looking again: a second at most.
  absl::Duration Run(const Scope& scope);

 private:
  db::Database& database_;
  Announcer& announcer_;
};

}  // namespace masthead::articles
