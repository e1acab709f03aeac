// Which calls leave a line in the log when they end, so that one call can be followed through all services by its
// trace.
#pragma once

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace masthead::rpc {

enum class CallLog {
  kNone,
  kFaults,  // Those that ended by a fault of ours, ten a second at most.
  kAll,
};

// Whether the service is to blame, not its caller.
bool IsFault(absl::StatusCode code);

// One line under the thread's trace, if `which` wants it: the method, the code, the error's reason, how long it took.
void LogCall(CallLog which, absl::string_view method, const absl::Status& status, absl::Duration took);

}  // namespace masthead::rpc
