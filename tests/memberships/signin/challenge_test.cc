// The rules of links and codes, by themselves.
#include "services/memberships/signin/challenge.h"

#include <set>

#include "gtest/gtest.h"
#include "services/memberships/signin/sign_in_secrets.h"

namespace masthead::memberships {
namespace {

TEST(Limits, CountTheTagsOfAnAddressTogether) {
  EXPECT_EQ(WithoutTag("nina+news@example.org"), "nina@example.org");
  EXPECT_EQ(WithoutTag("nina+a+b@example.org"), "nina@example.org");
  EXPECT_EQ(WithoutTag("nina@example.org"), "nina@example.org");
  EXPECT_EQ(WithoutTag("+@example.org"), "+@example.org");
}

TEST(Limits, TheLongestWaitCounts) {
  const absl::Time now = absl::FromUnixSeconds(1'800'000'000);
  EXPECT_EQ(WaitBeforeRequest({.now = now}), absl::ZeroDuration());
  EXPECT_EQ(WaitBeforeRequest({.now = now, .last_of_address = now - absl::Seconds(20)}), absl::Seconds(40));
  EXPECT_EQ(WaitBeforeRequest({.now = now, .last_of_address = now - absl::Seconds(60)}), absl::ZeroDuration());
  EXPECT_EQ(WaitBeforeRequest({.now = now,
                               .last_of_address = now - absl::Seconds(20),
                               .tenth_last_of_address = now - absl::Minutes(50),
                               .sixtieth_last_of_network = now - absl::Minutes(58)}),
            absl::Minutes(10));
}

TEST(BlockedDomains, CountForWhatIsBelowThemToo) {
  EXPECT_TRUE(IsInDomain("a@throwaway.example", {"throwaway.example"}));
  EXPECT_TRUE(IsInDomain("a@x.throwaway.example", {"throwaway.example"}));
  EXPECT_FALSE(IsInDomain("a@notthrowaway.example", {"throwaway.example"}));
}

TEST(Codes, HaveSixDigitsAndAreAllDifferentEnough) {
  std::set<std::string> codes;
  for (int i = 0; i < 1000; ++i) {
    codes.insert(NewCode());
    EXPECT_EQ(codes.rbegin()->size(), 6U);
  }
  EXPECT_GT(codes.size(), 980U);
}

TEST(Codes, BelongToOneChallenge) {
  const SignInSecrets secrets(crypto::MacKey::Random());
  EXPECT_NE(secrets.CodeMac("one", "123456"), secrets.CodeMac("another", "123456"));
}

}  // namespace
}  // namespace masthead::memberships
