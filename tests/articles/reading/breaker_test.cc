#include "services/articles/reading/breaker.h"

#include "gtest/gtest.h"

namespace masthead::articles {
namespace {

class BreakerTest : public ::testing::Test {
 protected:
  void Fail(int times) {
    for (int i = 0; i < times; ++i) {
      ASSERT_TRUE(breaker_.Admit());
      breaker_.Report(false);
    }
  }

  ManualClock clock_{absl::FromUnixSeconds(1'700'000'000)};
  Breaker breaker_{clock_, /*max_failures=*/3, absl::Seconds(1)};
};

TEST_F(BreakerTest, BearsFailuresThatAreNotInARow) {
  for (int i = 0; i < 5; ++i) {
    Fail(2);
    ASSERT_TRUE(breaker_.Admit());
    breaker_.Report(true);
  }
}

TEST_F(BreakerTest, CallsNobodyForAWhileAfterTooManyInARow) {
  Fail(3);
  EXPECT_FALSE(breaker_.Admit());
  clock_.Advance(absl::Milliseconds(999));
  EXPECT_FALSE(breaker_.Admit());
}

TEST_F(BreakerTest, LetsOneTryAndBelievesIt) {
  Fail(3);
  clock_.Advance(absl::Seconds(1));
  EXPECT_TRUE(breaker_.Admit());
  EXPECT_FALSE(breaker_.Admit()) << "one is enough";
  breaker_.Report(false);
  EXPECT_FALSE(breaker_.Admit());
  clock_.Advance(absl::Seconds(1));
  EXPECT_TRUE(breaker_.Admit());
  breaker_.Report(true);
  EXPECT_TRUE(breaker_.Admit());
  EXPECT_TRUE(breaker_.Admit());
}

}  // namespace
}  // namespace masthead::articles
