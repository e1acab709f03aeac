// W3C Trace Context: which chain of calls and events the current thread works for.
#pragma once

#include <string>

#include "absl/strings/string_view.h"

namespace masthead::telemetry {

struct TraceContext {
  std::string trace_id;  // 32 lower-case hexadecimal digits
  std::string span_id;   // 16 lower-case hexadecimal digits
  bool sampled = true;

  // A child of `traceparent` if that is well-formed, else the root of a new trace.
  static TraceContext ChildOf(absl::string_view traceparent);

  // 00-<trace_id>-<span_id>-01; empty if the IDs are.
  std::string ToTraceparent() const;
};

// Makes `context` the thread's for as long as it lives. Ends on the thread it began on, in reverse order.
class TraceScope {
 public:
  explicit TraceScope(TraceContext context);
  ~TraceScope();
  TraceScope(const TraceScope&) = delete;
  TraceScope& operator=(const TraceScope&) = delete;

 private:
  TraceContext previous_;
};

// The thread's; with empty IDs outside any scope.
const TraceContext& CurrentTrace();

}  // namespace masthead::telemetry
