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

TEST(NetworkOf, IsTheAddressWithoutThePort) {
  EXPECT_EQ(NetworkOf("ipv4:192.0.2.7:4711"), NetworkOf("ipv4:192.0.2.7:4712"));
  EXPECT_NE(NetworkOf("ipv4:192.0.2.7:4711"), NetworkOf("ipv4:192.0.2.8:4711"));
}

TEST(NetworkOf, IsOneForWhoeverHasAWholeIpv6Network) {
  const std::string home = NetworkOf("ipv6:%5B2001:db8:1:2::7%5D:4711");
  EXPECT_EQ(NetworkOf("ipv6:[2001:db8:1:2::7]:4712"), home);
  EXPECT_EQ(NetworkOf("ipv6:%5B2001:db8:1:2:ffff::1%5D:4711"), home);
  EXPECT_EQ(NetworkOf("ipv6:%5B2001:0db8:0001:0002::7%5D:4711"), home);
  EXPECT_NE(NetworkOf("ipv6:%5B2001:db8:1:3::7%5D:4711"), home);
  EXPECT_EQ(NetworkOf("ipv6:%5Bfe80::1%25eth0%5D:4711"), NetworkOf("ipv6:%5Bfe80::2%5D:1"));
}

TEST(NetworkOf, KnowsIpv4CallersOfADualStackSocketByTheirAddress) {
  EXPECT_EQ(NetworkOf("ipv6:%5B::ffff:192.0.2.7%5D:4711"), NetworkOf("ipv4:192.0.2.7:4711"));
  EXPECT_NE(NetworkOf("ipv6:%5B::ffff:192.0.2.7%5D:4711"), NetworkOf("ipv6:%5B::ffff:192.0.2.8%5D:4711"));
}

TEST(NetworkOf, TakesWhatIsNoAddressAsItStands) {
  for (const char* peer : {"", "unix:/run/masthead.sock", "ipv4:", "ipv4:nonsense:1"}) {
    EXPECT_EQ(NetworkOf(peer), peer);
  }
  EXPECT_EQ(NetworkOf("ipv6:[nonsense]:1"), "ipv6:nonsense");
}

}  // namespace
}  // namespace masthead::memberships
