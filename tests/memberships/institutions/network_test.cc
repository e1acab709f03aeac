#include "services/memberships/institutions/network.h"

#include "gtest/gtest.h"

namespace masthead::memberships {
namespace {

TEST(Address, HasOneSpelling) {
  EXPECT_EQ(NormalAddress("192.0.2.1"), "192.0.2.1");
  EXPECT_EQ(NormalAddress("::FFFF:192.0.2.1"), "192.0.2.1");
  EXPECT_EQ(NormalAddress("2001:DB8:0:0::1"), "2001:db8::1");
  for (const char* none : {"", "192.0.2", "192.0.2.256", "192.0.2.1/24", "example.org", "fe80::1%eth0", " 192.0.2.1"}) {
    EXPECT_EQ(NormalAddress(none), std::nullopt) << none;
  }
}

TEST(Network, HasNoHostBits) {
  EXPECT_EQ(NormalNetwork("192.0.2.77/24"), "192.0.2.0/24");
  EXPECT_EQ(NormalNetwork("192.0.2.77"), "192.0.2.77/32");
  EXPECT_EQ(NormalNetwork("10.255.0.0/9"), "10.128.0.0/9");
  EXPECT_EQ(NormalNetwork("2001:db8:ffff::1/33"), "2001:db8:8000::/33");
  EXPECT_EQ(NormalNetwork("2001:db8::1"), "2001:db8::1/128");
}

TEST(Network, IsNotTheWholeInternet) {
  for (const char* none : {"0.0.0.0/0", "10.0.0.0/7", "::/0", "2000::/15", "192.0.2.0/33", "2001:db8::/129",
                           "192.0.2.0/-1", "192.0.2.0/24/24", "192.0.2.0/", "::ffff:192.0.2.0/120", "all"}) {
    EXPECT_EQ(NormalNetwork(none), std::nullopt) << none;
  }
  EXPECT_EQ(NormalNetwork("10.0.0.0/8"), "10.0.0.0/8");
  EXPECT_EQ(NormalNetwork("2000::/16"), "2000::/16");
}

}  // namespace
}  // namespace masthead::memberships
