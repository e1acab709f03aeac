#include "tests/bench/overload.h"

#include <algorithm>
#include <cstdio>
#include <vector>

#include "tests/bench/process_cpu.h"

namespace masthead::bench {
namespace {

constexpr int kRounds = 5;
constexpr double kTimesCapacity = 3;
constexpr double kOfferedAtLeast = 2.7;
constexpr double kGoodputBar = 0.8;
constexpr absl::Duration kRefusalBar = absl::Milliseconds(50);

double Median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

double PerSecond(int64_t count, const Outcome& outcome) {
  return static_cast<double>(count) / absl::ToDoubleSeconds(outcome.length);
}

}  // namespace

bool Overload(const char* title, pid_t server, CallLoad& load, int in_flight, absl::Duration length) {
  std::vector<double> capacities, answer_micros, goodputs, offered, call_micros, waiting;
  std::vector<absl::Duration> refusals;
  for (int round = 0; round < kRounds; ++round) {
    absl::Duration cpu = CpuOf(server);
    const Outcome closed = load.Closed(in_flight, length);
    const double capacity = PerSecond(closed.ok, closed);
    answer_micros.push_back(absl::ToDoubleMicroseconds(CpuOf(server) - cpu) / static_cast<double>(closed.ok));
    cpu = CpuOf(server);
    const absl::Duration waited = WaitForCpuOf(server);
    const Outcome open = load.Open(kTimesCapacity * capacity, length);
    call_micros.push_back(absl::ToDoubleMicroseconds(CpuOf(server) - cpu) / static_cast<double>(open.offered));
    waiting.push_back(absl::FDivDuration(WaitForCpuOf(server) - waited, CpuOf(server) - cpu));
    capacities.push_back(capacity);
    goodputs.push_back(PerSecond(open.ok, open) / capacity);
    offered.push_back(PerSecond(open.offered, open) / capacity);
    refusals.insert(refusals.end(), open.refusals.begin(), open.refusals.end());
  }
  const absl::Duration p99 = Percentile(refusals, 0.99);
  std::printf(
      "%-28s capacity %7.0f calls/s at %.1f us CPU; offered %.1f x at %.1f us CPU a call, goodput %.2f x (bar %.2f); "
      "%d refused, p50 %.1f ms, p99 %.1f ms (bar 50); while overloaded, the server's threads waited %.1f s for a core "
      "to "
      "every second they had one\n",
      title, Median(capacities), Median(answer_micros), Median(offered), Median(call_micros), Median(goodputs),
      kGoodputBar, static_cast<int>(refusals.size()), absl::ToDoubleMilliseconds(Percentile(refusals, 0.5)),
      absl::ToDoubleMilliseconds(p99), Median(waiting));
  return Median(offered) >= kOfferedAtLeast && Median(goodputs) >= kGoodputBar && p99 <= kRefusalBar;
}

}  // namespace masthead::bench
