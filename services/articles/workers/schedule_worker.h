// Carries out schedules: publishes what is due, withdraws what is due to be withdrawn, and shows readers what an
// embargo held back. The row is the job: due rows are claimed by whichever replica comes first, and state, pointer and
// event commit together. What was due while nothing ran is simply due. What lawyers hold stays planned and overdue, and
// goes out when the hold ends, unless the time to withdraw it has come by then.
#pragma once

#include <cstdint>

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

  // Each carries out what is due, at most `limit` and without the first `skip`, and gives the number.
  absl::StatusOr<int> PublishDue(const Scope& scope, int limit, int skip);
  absl::StatusOr<int> WithdrawDue(const Scope& scope, int limit, int skip);

  // Both until nothing is due, then the time until it is worth looking again: a second at most. What cannot be carried
  // out is tried again, and does not hold up the others.
  absl::Duration Run(const Scope& scope);

 private:
  using Step = absl::StatusOr<int> (ScheduleWorker::*)(const Scope& scope, int limit, int skip);

  absl::Status CarryOutAll(const Scope& scope, Step step);
  void CarryOutAroundFailures(const Scope& scope, Step step);
  // Tells in logs and metrics what lawyers hold beyond its time.
  void TellHeld(int64_t held);

  db::Database& database_;
  Announcer& announcer_;
  int64_t told_held_ = 0;
};

}  // namespace masthead::articles
