#include "services/memberships/books/checkout_url.h"

#include "gtest/gtest.h"

namespace masthead::memberships {
namespace {

bool Allows(const std::string& url, const std::vector<std::string>& origins = {"https://news.example"}) {
  FieldViolations violations;
  CheckReturnUrl("url", url, origins, violations);
  return violations.empty();
}

TEST(CheckoutUrl, IsOneOfTheNewspapersOwnPages) {
  EXPECT_TRUE(Allows("https://news.example"));
  EXPECT_TRUE(Allows("https://news.example/thanks?x=1#top"));
  EXPECT_FALSE(Allows("http://news.example/"));
  EXPECT_FALSE(Allows("https://news.example.evil/"));
  EXPECT_FALSE(Allows("https://news.example@evil/"));
  EXPECT_FALSE(Allows("https://news.example:8443/"));
  EXPECT_FALSE(Allows("https://news.example\\evil"));
  EXPECT_FALSE(Allows("https://news.example/a b"));
  EXPECT_FALSE(Allows("javascript:alert(1)"));
  EXPECT_FALSE(Allows(""));
}

TEST(CheckoutUrl, IsNoneWhereNoOriginIsAllowed) { EXPECT_FALSE(Allows("https://news.example/", {})); }

}  // namespace
}  // namespace masthead::memberships
