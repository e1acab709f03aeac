#include "common/rpc/call_log.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "common/base/errors.h"
#include "common/telemetry/log.h"

namespace masthead::rpc {

bool IsFault(absl::StatusCode code) {
  switch (code) {
    case absl::StatusCode::kUnknown:
    case absl::StatusCode::kInternal:
    case absl::StatusCode::kUnavailable:
    case absl::StatusCode::kDataLoss:
    case absl::StatusCode::kDeadlineExceeded:
      return true;
    default:
      return false;
  }
}

void LogCall(CallLog which, absl::string_view method, const absl::Status& status, absl::Duration took) {
  static telemetry::LogLimit faults(absl::Milliseconds(100));
  const bool fault = IsFault(status.code());
  const bool wanted = which == CallLog::kAll || (which == CallLog::kFaults && fault && faults.Admit());
  if (!wanted) return;
  // Not the message: it may quote the caller.
  telemetry::Log(fault ? telemetry::Severity::kWarning : telemetry::Severity::kInfo, "call ended",
                 {{"method", std::string(method)},
                  {"code", absl::StatusCodeToString(status.code())},
                  {"reason", ErrorReason(status)},
                  {"milliseconds", absl::StrCat(absl::ToInt64Milliseconds(took))}});
}

}  // namespace masthead::rpc
