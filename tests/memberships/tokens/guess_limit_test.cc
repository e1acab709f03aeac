#include "services/memberships/tokens/guess_limit.h"

#include <algorithm>
#include <string>

#include "gtest/gtest.h"

namespace masthead::memberships {
namespace {

const absl::Time kNoon = absl::FromUnixSeconds(1'800'000'000);

// As the store charges: what is owed grows from now, or from what is owed already.
int GuessesAtOnce(const GuessLimit& limit) {
  absl::Time paid_off = absl::InfinitePast();
  int guesses = 0;
  while (WaitBeforeGuess(limit, paid_off, kNoon) == absl::ZeroDuration()) {
    paid_off = std::max(paid_off, kNoon) + limit.cost;
    ++guesses;
  }
  return guesses;
}

TEST(GuessLimit, LetsAForgetfulOperatorTryAFewTimes) {
  EXPECT_EQ(GuessesAtOnce(kKeyGuessLimit), 10);
  EXPECT_EQ(GuessesAtOnce(kNetworkGuessLimit), 60);
}

TEST(GuessLimit, TellsHowLongToWaitForTheNextTry) {
  const absl::Time paid_off = kNoon + absl::Seconds(60);
  EXPECT_EQ(WaitBeforeGuess(kKeyGuessLimit, paid_off, kNoon), absl::Seconds(6));
  EXPECT_EQ(WaitBeforeGuess(kKeyGuessLimit, paid_off, kNoon + absl::Seconds(5)), absl::Seconds(1));
  EXPECT_EQ(WaitBeforeGuess(kKeyGuessLimit, paid_off, kNoon + absl::Seconds(6)), absl::ZeroDuration());
}

TEST(GuessLimit, OwesNothingFromTheStart) {
  EXPECT_EQ(WaitBeforeGuess(kKeyGuessLimit, absl::InfinitePast(), kNoon), absl::ZeroDuration());
}

}  // namespace
}  // namespace masthead::memberships
