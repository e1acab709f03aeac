// What a failed transaction means: to its caller, and for whether it runs again.
#pragma once

#include "absl/status/status.h"

namespace masthead::db {

struct Failure {
  // For the caller; says nothing of what Postgres said.
  absl::Status status;
  // The unit runs again: it had no effect, or it can tell.
  bool repeat = false;
  // The connection, and with it probably every other of that age, is of no use any more.
  bool broken = false;
};

struct FailureContext {
  bool read_only = false;
  // The watchdog cut the connection, because the call was cancelled or else because its deadline passed.
  bool cut = false;
  bool cancelled = false;
  const char* sql = nullptr;  // The statement that was run last; may be null.
};

// To be called in a handler: explains the exception that is being handled, and logs it where it needs somebody's
// attention. Rethrows what neither libpqxx nor this room threw.
Failure ExplainCurrentException(const FailureContext& context);

// The scope ended first: CANCELLED or DEADLINE_EXCEEDED.
absl::Status CancelledStatus();
absl::Status DeadlineStatus();
// All connections stayed in use: UNAVAILABLE, SERVER_BUSY.
absl::Status BusyStatus();
// UNAVAILABLE, DATABASE_UNAVAILABLE. `why` goes to the log, once a second at most.
absl::Status UnavailableStatus(absl::string_view why);

}  // namespace masthead::db
