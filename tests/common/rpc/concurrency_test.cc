// The parts of common/rpc that threads share, without gRPC: what ThreadSanitizer can judge.
#include <atomic>
#include <latch>
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
    Executor executor(2, /*max_queued=*/10, absl::InfiniteDuration());
    for (int i = 0; i < 1000; ++i) accepted += executor.TrySubmit([&] { ++ran; }) ? 1 : 0;
  }
  EXPECT_EQ(ran, accepted);
  EXPECT_GE(accepted, 10);
}

TEST(Executor, RefusesWhatWouldWaitTooLongOnceItKnowsHowLongWorkTakes) {
  Executor executor(1, /*max_queued=*/1000, /*max_wait=*/absl::Milliseconds(100));
  // After work of 160 ms the average stands at the sixteenth part of it.
  std::latch slow_done(1);
  ASSERT_TRUE(executor.TrySubmit([] { absl::SleepFor(absl::Milliseconds(160)); }));
  ASSERT_TRUE(executor.TrySubmit([&] { slow_done.count_down(); }));
  slow_done.wait();

  std::latch released(1), held(1);
  ASSERT_TRUE(executor.TrySubmit([&] {
    held.count_down();
    released.wait();
  }));
  held.wait();
  int queued = 0;
  while (executor.TrySubmit([] {})) ++queued;
  EXPECT_GE(queued, 1);
  EXPECT_LE(queued, 20);  // 100 ms of about 9 ms each.
  EXPECT_FALSE(executor.TrySubmit([] {}, absl::Milliseconds(20)));
  released.count_down();
}

TEST(Executor, RefusesACallThatWouldMissItsDeadlineInTheQueue) {
  Executor executor(1, /*max_queued=*/1000, /*max_wait=*/absl::InfiniteDuration());
  std::latch slow_done(1);
  ASSERT_TRUE(executor.TrySubmit([] { absl::SleepFor(absl::Milliseconds(160)); }));
  ASSERT_TRUE(executor.TrySubmit([&] { slow_done.count_down(); }));
  slow_done.wait();
  std::latch released(1), held(1);
  ASSERT_TRUE(executor.TrySubmit([&] {
    held.count_down();
    released.wait();
  }));
  held.wait();
  for (int i = 0; i < 10; ++i) ASSERT_TRUE(executor.TrySubmit([] {}));
  EXPECT_FALSE(executor.TrySubmit([] {}, absl::Milliseconds(20)));
  EXPECT_TRUE(executor.TrySubmit([] {}, absl::Seconds(10)));
  released.count_down();
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
