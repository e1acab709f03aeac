// Logs: one JSON object a line on standard error, joined across services by trace_id.
#pragma once

#include <atomic>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <utility>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace masthead::telemetry {

enum class Severity { kDebug, kInfo, kWarning, kError };

using Fields = std::initializer_list<std::pair<absl::string_view, std::string>>;

// Never pass an address, a token, a name of a person or text that access guards. time, trace_id and span_id are added;
// bytes that are no UTF-8 come out as U+FFFD. Lines of several threads never mix. Never fails: a line that standard
// error does not take is lost.
void Log(Severity severity, absl::string_view message, Fields fields = {});

inline void Info(absl::string_view message, Fields fields = {}) { Log(Severity::kInfo, message, fields); }
inline void Warning(absl::string_view message, Fields fields = {}) { Log(Severity::kWarning, message, fields); }
inline void Error(absl::string_view message, Fields fields = {}) { Log(Severity::kError, message, fields); }

// Keeps a repeated line from flooding the log: Admit() is true at most once per `interval`. Thread-safe.
class LogLimit {
 public:
  explicit LogLimit(absl::Duration interval) : interval_nanos_(absl::ToInt64Nanoseconds(interval)) {}
  bool Admit();

 private:
  const int64_t interval_nanos_;
  std::atomic<int64_t> next_nanos_ = 0;
};

// The line Log() would write, without its line break.
std::string FormatLogLine(absl::Time time, Severity severity, absl::string_view message, Fields fields);

}  // namespace masthead::telemetry
