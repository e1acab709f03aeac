#include <random>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/notifications/routes/token_bucket.h"
#include "services/notifications/routes/warm_up.h"

namespace masthead::notifications {
namespace {

using ::testing::ElementsAre;

const absl::Time kStart = absl::FromUnixSeconds(1'700'000'000);

TEST(TokenBucket, YieldsExactlyItsRateHoweverOftenItIsAsked) {
  for (const int64_t rate : {int64_t{1}, int64_t{59}, int64_t{1019}, int64_t{60'001}, int64_t{1'000'000}}) {
    const unsigned seed = std::random_device()();
    SCOPED_TRACE(::testing::Message() << "rate " << rate << ", seed " << seed);
    std::mt19937 random(seed);
    TokenBucket bucket{.credit = 0, .time = kStart};
    int64_t taken = 0;
    for (absl::Time now = kStart; now < kStart + absl::Minutes(1);) {
      now = std::min(now + absl::Microseconds(random() % 3'000'000), kStart + absl::Minutes(1));
      taken += TakeTokens(bucket, rate, now, 10'000'000);
    }
    EXPECT_EQ(taken, rate);
  }
}

TEST(TokenBucket, KeepsWhatNobodyTookForFiveSecondsOnly) {
  TokenBucket bucket{.credit = 0, .time = kStart};
  EXPECT_EQ(TakeTokens(bucket, 1200, kStart + absl::Hours(24), 10'000), 100);
}

TEST(TokenBucket, EarnsNothingWhileTheClockGoesBack) {
  TokenBucket bucket{.credit = 0, .time = kStart};
  EXPECT_EQ(TakeTokens(bucket, 60, kStart - absl::Minutes(1), 1), 0);
  EXPECT_EQ(TakeTokens(bucket, 60, kStart + absl::Seconds(1), 10), 1);
}

TEST(TokenBucket, MakesOthersWaitForWhatCouldNot) {
  TokenBucket bucket{.credit = 0, .time = kStart};
  ForceTokens(bucket, 60, kStart, 3);
  EXPECT_EQ(UntilToken(bucket, 60, 1), absl::Seconds(4));
  EXPECT_EQ(TakeTokens(bucket, 60, kStart + absl::Seconds(3), 1), 0);
  EXPECT_EQ(TakeTokens(bucket, 60, kStart + absl::Seconds(4), 5), 1);
}

TEST(TokenBucket, TellsWhenATokenWillBeThere) {
  TokenBucket bucket{.credit = 0, .time = kStart};
  EXPECT_EQ(UntilToken(bucket, 1019, 1019), absl::Minutes(1));
  EXPECT_EQ(TakeTokens(bucket, 1019, kStart + UntilToken(bucket, 1019, 1), 2), 1);
}

TEST(WarmUp, GrowsByTheSameFactorEachDay) {
  const WarmUp warm_up = {.start = 200, .end = 200'000, .days = 42};
  std::vector<int64_t> limits;
  for (const int day : {0, 1, 7, 14, 21, 28, 35, 41}) limits.push_back(WarmUpLimit(warm_up, day));
  EXPECT_THAT(limits, ElementsAre(200, 237, 650, 2116, 6880, 22377, 72779, 200000));
}

TEST(WarmUp, EndsAfterItsLastDay) {
  EXPECT_EQ(WarmUpLimit({.start = 200, .end = 200'000, .days = 42}, 42), -1);
  EXPECT_EQ(WarmUpLimit({}, 0), -1);
  EXPECT_EQ(WarmUpLimit({.start = 7, .end = 70, .days = 1}, 0), 7);
}

}  // namespace
}  // namespace masthead::notifications
