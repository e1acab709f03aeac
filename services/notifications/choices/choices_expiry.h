// What ends by itself: suppressions that have run out, endpoints whose time is over, addresses that nobody confirmed,
// what was told too long ago for any cap, and soft bounces too long ago to count.
#pragma once

#include "absl/status/statusor.h"
#include "common/base/scope.h"
#include "common/db/database.h"

namespace masthead::notifications {

// Every replica may run one; several do not hurt.
class ChoicesExpiry {
 public:
  // `database` outlives this.
  explicit ChoicesExpiry(db::Database& database) : database_(database) {}

  // Whether there may be more.
  absl::StatusOr<bool> Step(const Cancellation& stopping);

 private:
  db::Database& database_;
};

}  // namespace masthead::notifications
