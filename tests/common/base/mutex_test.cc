#include "common/base/mutex.h"

#include <thread>
#include <vector>

#include "absl/time/clock.h"
#include "gtest/gtest.h"

namespace masthead {
namespace {

TEST(Mutex, KeepsThreadsApart) {
  Mutex mutex;
  int count = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      for (int n = 0; n < 1000; ++n) {
        MutexLock lock(mutex);
        ++count;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(count, 4000);
}

TEST(CondVar, WakesWhoeverWaits) {
  Mutex mutex;
  CondVar changed;
  bool ready = false;
  std::thread waker([&] {
    MutexLock lock(mutex);
    ready = true;
    changed.NotifyAll();
  });
  {
    MutexLock lock(mutex);
    while (!ready) changed.Wait(mutex);
  }
  waker.join();
  EXPECT_TRUE(ready);
}

TEST(CondVar, TellsThatTheDeadlinePassed) {
  Mutex mutex;
  CondVar never;
  const absl::Time deadline = absl::Now() + absl::Milliseconds(5);
  MutexLock lock(mutex);
  while (never.WaitUntil(mutex, deadline)) continue;  // Woken for no reason.
  EXPECT_GE(absl::Now(), deadline);
}

}  // namespace
}  // namespace masthead
