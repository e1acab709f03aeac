// Logs: one JSON object a line on standard error, joined across services by trace_id.
#pragma once

#include <initializer_list>
#include <string>
#include <utility>

#include "absl/strings/string_view.h"

namespace masthead::telemetry {

enum class Severity { kDebug, kInfo, kWarning, kError };

using Fields = std::initializer_list<std::pair<absl::string_view, std::string>>;

// Never pass an address, a token, a name of a person or text that access guards. trace_id and request_id of the current call are added.
void Log(Severity severity, absl::string_view message, Fields fields = {});

inline void Info(absl::string_view message, Fields fields = {}) { Log(Severity::kInfo, message, fields); }
inline void Warning(absl::string_view message, Fields fields = {}) { Log(Severity::kWarning, message, fields); }
inline void Error(absl::string_view message, Fields fields = {}) { Log(Severity::kError, message, fields); }

}  // namespace masthead::telemetry
