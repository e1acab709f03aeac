// What a call costs the server that answers it, measured in turns with others.
#pragma once

#include <sys/types.h>

#include <vector>

#include "absl/time/time.h"
#include "tests/bench/call_load.h"

namespace masthead::bench {

double Median(std::vector<double> values);

// One kind of call, measured round after round.
struct MeasuredCalls {
  const char* title;
  pid_t server;
  CallLoad load;
  std::vector<double> cpu_micros = {};  // Of the server, per call.
  std::vector<double> rates = {};       // Calls per second.

  // In a closed loop. Ends this process if a call fails.
  void Measure(int in_flight, absl::Duration length);
};

// The CPU of an echo for that of a call: 1 is as cheap. Prints it beside the bar, and by calls per second.
double RatioByCpu(const MeasuredCalls& calls, const MeasuredCalls& echo, double bar);

}  // namespace masthead::bench
