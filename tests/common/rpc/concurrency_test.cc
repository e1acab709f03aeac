// The parts of common/rpc that threads share, without gRPC: what ThreadSanitizer can judge.
#include <atomic>
#include <memory>
#include <thread>
#include <vector>

#include "absl/time/clock.h"
#include "common/rpc/executor.h"
#include "common/rpc/stream.h"
#include "common/rpc/timer.h"
#include "gtest/gtest.h"

namespace masthead::rpc {
namespace {

TEST(Executor, RunsAllItAcceptedAndRefusesTheRest) {
  std::atomic<int> ran = 0;
  int accepted = 0;
  {
    Executor executor(2, /*max_queued=*/10);
    for (int i = 0; i < 1000; ++i) accepted += executor.TrySubmit([&] { ++ran; }) ? 1 : 0;
  }
  EXPECT_EQ(ran, accepted);
  EXPECT_GE(accepted, 10);
}

TEST(Timer, CallsBackInTheOrderOfTimes) {
  Timer timer;
  std::atomic<int> step = 0;
  const absl::Time start = absl::Now();
  timer.At(start + absl::Milliseconds(30), [&] {
    int second = 1;
    step.compare_exchange_strong(second, 2);
  });
  timer.At(start + absl::Milliseconds(10), [&] {
    int first = 0;
    step.compare_exchange_strong(first, 1);
  });
  while (step != 2) std::this_thread::yield();
}

TEST(Timer, DropsWhatIsNotDueWhenItGoes) {
  std::atomic<bool> called = false;
  {
    Timer timer;
    timer.At(absl::Now() + absl::Hours(1), [&] { called = true; });
  }
  EXPECT_FALSE(called);
}

TEST(Bell, RingsWhileListenersComeAndGo) {
  Bell bell;
  std::atomic<bool> stop = false;
  std::atomic<int> heard = 0;
  std::vector<std::thread> listeners;
  for (int i = 0; i < 4; ++i) {
    listeners.emplace_back([&] {
      while (!stop) {
        const Bell::Subscription subscription(bell, [&] { ++heard; });
        std::this_thread::yield();
      }
    });
  }
  while (heard < 100) bell.Ring();
  stop = true;
  for (std::thread& listener : listeners) listener.join();
}

}  // namespace
}  // namespace masthead::rpc
