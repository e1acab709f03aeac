#include "common/clock/clock.h"

#include "absl/time/clock.h"
#include "gtest/gtest.h"

namespace masthead {
namespace {

TEST(ManualClock, StandsStillUntilMoved) {
  const absl::Time start = absl::FromUnixSeconds(1700000000);
  ManualClock clock(start);
  EXPECT_EQ(clock.Now(), start);
  EXPECT_EQ(clock.Now(), start);
  clock.Advance(absl::Minutes(5));
  EXPECT_EQ(clock.Now(), start + absl::Minutes(5));
  clock.Set(start - absl::Hours(1));
  EXPECT_EQ(clock.Now(), start - absl::Hours(1));
}

TEST(SystemClock, TellsTheTimeOfTheMachine) {
  const absl::Time before = absl::Now();
  const absl::Time now = Clock::System().Now();
  EXPECT_LE(before, now);
  EXPECT_LE(now, absl::Now());
}

}  // namespace
}  // namespace masthead
