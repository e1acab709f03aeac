#include "tests/bench/measured_calls.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <utility>

#include "tests/bench/process_cpu.h"

namespace masthead::bench {

double Median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

void MeasuredCalls::Measure(int in_flight, absl::Duration length) {
  const absl::Duration before = CpuOf(server);
  const Outcome outcome = load.Closed(in_flight, length);
  const absl::Duration cpu = CpuOf(server) - before;
  if (outcome.ok == 0 || outcome.failed > 0) {
    std::fprintf(stderr, "%s: %d calls failed\n", title, static_cast<int>(outcome.failed));
    std::exit(2);
  }
  cpu_micros.push_back(absl::ToDoubleMicroseconds(cpu) / static_cast<double>(outcome.ok));
  rates.push_back(static_cast<double>(outcome.ok) / absl::ToDoubleSeconds(outcome.length));
}

double RatioByCpu(const MeasuredCalls& calls, const MeasuredCalls& echo, double bar) {
  const double by_cpu = Median(echo.cpu_micros) / Median(calls.cpu_micros);
  const double by_rate = Median(calls.rates) / Median(echo.rates);
  std::printf("%-28s %8.1f us CPU %9.0f calls/s   %.2f by CPU (bar %.2f), %.2f by rate\n", calls.title,
              Median(calls.cpu_micros), Median(calls.rates), by_cpu, bar, by_rate);
  return by_cpu;
}

}  // namespace masthead::bench
