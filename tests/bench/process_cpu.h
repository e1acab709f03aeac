// CPU that a process has used: what it costs, however much of the machine others take.
#pragma once

#include <sys/types.h>

#include "absl/time/time.h"

namespace masthead::bench {

// So far, in steps of the kernel's clock (10 ms); none of a process that is gone.
absl::Duration CpuOf(pid_t pid);

// How long the threads that the process has now were ready to run and got no core so far (proc(5), schedstat): what a
// machine that is too small adds to every answer.
absl::Duration WaitForCpuOf(pid_t pid);

}  // namespace masthead::bench
