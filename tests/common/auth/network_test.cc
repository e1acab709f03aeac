#include "common/auth/network.h"

#include "gtest/gtest.h"

namespace masthead::auth {
namespace {

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

TEST(NetworkOfAddress, IsTheOneThatAPeerOfTheAddressHas) {
  EXPECT_EQ(NetworkOfAddress("192.0.2.7"), NetworkOf("ipv4:192.0.2.7:4711"));
  EXPECT_EQ(NetworkOfAddress("2001:db8:1:2::9"), NetworkOf("ipv6:%5B2001:db8:1:2::7%5D:4711"));
  EXPECT_EQ(NetworkOfAddress("news.example"), std::nullopt);
  EXPECT_EQ(NetworkOfAddress(""), std::nullopt);
}

}  // namespace
}  // namespace masthead::auth
