#include "common/worker/repeating_thread.h"

#include <atomic>
#include <stdexcept>

#include "absl/synchronization/notification.h"
#include "absl/time/clock.h"
#include "gtest/gtest.h"

namespace masthead::worker {
namespace {

TEST(RepeatingThread, WorksAgainAfterThePauseThatTheWorkAskedFor) {
  absl::Notification third;
  std::atomic<int> runs = 0;
  RepeatingThread thread("test", [&](const Scope&) {
    if (++runs == 3) third.Notify();
    return absl::ZeroDuration();
  });
  thread.Start();
  EXPECT_TRUE(third.WaitForNotificationWithTimeout(absl::Seconds(20)));
}

TEST(RepeatingThread, WorksAgainAfterAnException) {
  absl::Notification second;
  std::atomic<int> runs = 0;
  RepeatingThread thread("test", [&](const Scope&) {
    if (++runs == 1) throw std::runtime_error("the press jams");
    if (runs == 2) second.Notify();
    return absl::Hours(1);
  });
  thread.Start();
  EXPECT_TRUE(second.WaitForNotificationWithTimeout(absl::Seconds(20)));
}

TEST(RepeatingThread, StopsDuringAPauseAndCancelsTheWorkInHand) {
  absl::Notification begun;
  RepeatingThread thread("test", [&](const Scope& scope) {
    begun.Notify();
    while (!scope.cancelled()) absl::SleepFor(absl::Milliseconds(1));
    return absl::Hours(1);
  });
  thread.Start();
  begun.WaitForNotification();
  const absl::Time before = absl::Now();
  thread.Stop();
  thread.Stop();
  EXPECT_LT(absl::Now() - before, absl::Seconds(5));
}

TEST(RepeatingThread, MayNeverHaveStarted) {
  RepeatingThread thread("test", [](const Scope&) { return absl::ZeroDuration(); });
  thread.Stop();
}

}  // namespace
}  // namespace masthead::worker
