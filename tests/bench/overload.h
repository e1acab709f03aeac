// Three times what a server can do, whether or not it answers: how much of its work it still does, and how soon it
// refuses the rest.
#pragma once

#include <sys/types.h>

#include "absl/time/time.h"
#include "tests/bench/call_load.h"

namespace masthead::bench {

// Measures the capacity with `in_flight` calls in a closed loop, then thrice that in an open one; five times in turns,
// medians. Prints what it finds; true if goodput is at least 0.8 of the capacity and 99 of 100 refusals came within 50
// ms. A generator that cannot offer three times the capacity shows nothing, and that counts as false.
bool Overload(const char* title, pid_t server, CallLoad& load, int in_flight, absl::Duration length);

}  // namespace masthead::bench
