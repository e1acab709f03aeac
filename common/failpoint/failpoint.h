// Named places where a test makes the process fail. Compiled in always, armed only by the environment:
//
//   MASTHEAD_FAILPOINTS=articles.publish.commit=kill@1,smtp.final_dot=done_then_throw@3
//
// Actions: kill (SIGKILL to ourselves), throw, done_then_throw (do it, then fail), done_then_kill, sleep:<ms>. `@n`
// arms the n-th hit only; without it every hit fires. A malformed value ends the process: a fault that was asked for is
// never silently left out.
//
// MASTHEAD_FAILPOINTS_LOG=<file> appends the name of every point the process passes, once each, one a line, before the
// point's action: so the file tells the points of a run that was killed too.
#pragma once

#include <stdexcept>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/strings/string_view.h"

namespace masthead::failpoint {

struct InjectedFailure : std::runtime_error {
  using std::runtime_error::runtime_error;
};

// Does `action`, and fails before or after it if the point is armed. Unarmed, it costs one relaxed load. Thread-safe;
// hits are counted over all threads.
void Around(const char* name, absl::FunctionRef<void()> action);

// A place with nothing to do.
inline void Hit(const char* name) {
  Around(name, [] {});
}

// Every name that this process has passed, sorted, for the test that no point is dead. Kept only while points are armed
// or logged.
std::vector<std::string> PassedPoints();

// Arms points as the environment would, in place of it, for as long as it lives. For tests within one process; one at a
// time.
class ScopedFailpoints {
 public:
  explicit ScopedFailpoints(absl::string_view points);
  ~ScopedFailpoints();
  ScopedFailpoints(const ScopedFailpoints&) = delete;
  ScopedFailpoints& operator=(const ScopedFailpoints&) = delete;
};

}  // namespace masthead::failpoint
