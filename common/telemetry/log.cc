#include "common/telemetry/log.h"

#include <unistd.h>

#include <cerrno>

#include "absl/strings/str_format.h"
#include "absl/time/clock.h"
#include "common/telemetry/trace.h"

namespace masthead::telemetry {
namespace {

absl::string_view SeverityName(Severity severity) {
  switch (severity) {
    case Severity::kDebug:
      return "DEBUG";
    case Severity::kInfo:
      return "INFO";
    case Severity::kWarning:
      return "WARNING";
    case Severity::kError:
      break;
  }
  return "ERROR";
}

bool IsContinuation(absl::string_view text, size_t at) {
  return at < text.size() && (static_cast<unsigned char>(text[at]) & 0xC0) == 0x80;
}

// The length of the well-formed UTF-8 sequence that starts at `at` (Unicode 15, table 3-7); 0 if there is none.
size_t SequenceLength(absl::string_view text, size_t at) {
  const auto lead = static_cast<unsigned char>(text[at]);
  if (lead < 0x80) return 1;
  if (!IsContinuation(text, at + 1)) return 0;
  const auto second = static_cast<unsigned char>(text[at + 1]);
  if (lead >= 0xC2 && lead <= 0xDF) return 2;
  if (lead >= 0xE0 && lead <= 0xEF) {
    const bool overlong = lead == 0xE0 && second < 0xA0;
    const bool surrogate = lead == 0xED && second > 0x9F;
    return !overlong && !surrogate && IsContinuation(text, at + 2) ? 3 : 0;
  }
  if (lead >= 0xF0 && lead <= 0xF4) {
    const bool out_of_range = (lead == 0xF0 && second < 0x90) || (lead == 0xF4 && second > 0x8F);
    return !out_of_range && IsContinuation(text, at + 2) && IsContinuation(text, at + 3) ? 4 : 0;
  }
  return 0;
}

void AppendEscaped(absl::string_view text, size_t at, std::string& line) {
  const char c = text[at];
  if (c == '"' || c == '\\') {
    line += '\\';
    line += c;
  } else if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) {
    absl::StrAppendFormat(&line, "\\u%04x", static_cast<unsigned>(c));
  } else {
    line += c;
  }
}

void AppendJsonString(absl::string_view text, std::string& line) {
  line += '"';
  for (size_t at = 0; at < text.size();) {
    const size_t length = SequenceLength(text, at);
    if (length == 0) {
      line += "\xEF\xBF\xBD";
    } else if (length == 1) {
      AppendEscaped(text, at, line);
    } else {
      line.append(text.data() + at, length);
    }
    at += length == 0 ? 1 : length;
  }
  line += '"';
}

void AppendMember(absl::string_view name, absl::string_view value, std::string& line) {
  line += line.empty() ? '{' : ',';
  AppendJsonString(name, line);
  line += ':';
  AppendJsonString(value, line);
}

}  // namespace

std::string FormatLogLine(absl::Time time, Severity severity, absl::string_view message, Fields fields) {
  std::string line;
  AppendMember("time", absl::FormatTime("%Y-%m-%d%ET%H:%M:%E6SZ", time, absl::UTCTimeZone()), line);
  AppendMember("severity", SeverityName(severity), line);
  AppendMember("message", message, line);
  const TraceContext& trace = CurrentTrace();
  if (!trace.trace_id.empty()) {
    AppendMember("trace_id", trace.trace_id, line);
    AppendMember("span_id", trace.span_id, line);
  }
  for (const auto& [name, value] : fields) AppendMember(name, value, line);
  line += '}';
  return line;
}

void Log(Severity severity, absl::string_view message, Fields fields) {
  std::string line = FormatLogLine(absl::Now(), severity, message, fields);
  line += '\n';
  // One write for the whole line: that is what keeps lines apart without a lock.
  while (::write(STDERR_FILENO, line.data(), line.size()) < 0 && errno == EINTR) {
  }
}

bool LogLimit::Admit() {
  const int64_t now = absl::GetCurrentTimeNanos();
  int64_t next = next_nanos_.load(std::memory_order_relaxed);
  return now >= next && next_nanos_.compare_exchange_strong(next, now + interval_nanos_, std::memory_order_relaxed);
}

}  // namespace masthead::telemetry
