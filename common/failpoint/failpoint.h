// Named places where a test makes the process fail. Compiled in always, armed only by the environment:
//
//   MASTHEAD_FAILPOINTS=articles.publish.commit=kill@1,smtp.final_dot=done_then_throw@3
//
// Actions: kill (SIGKILL to ourselves), throw, done_then_throw (do it, then fail), done_then_kill, sleep:<ms>. `@n` arms the n-th hit only;
// without it every hit fires.
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

// Does `action`, and fails before or after it if the point is armed. Unarmed, it costs one relaxed load.
void Around(const char* name, absl::FunctionRef<void()> action);

// A place with nothing to do.
inline void Hit(const char* name) {
  Around(name, [] {});
}

// Every name that this process has passed, for the test that no point is dead. Kept only while MASTHEAD_FAILPOINTS is set.
std::vector<std::string> PassedPoints();

}  // namespace masthead::failpoint
