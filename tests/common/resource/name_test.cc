#include "common/resource/name.h"

#include "gtest/gtest.h"

namespace masthead::resource {
namespace {

using Ids = std::vector<std::string>;

TEST(ParseName, FindsTheIds) {
  EXPECT_EQ(ParseName("articles/kyiv", "articles/*"), Ids({"kyiv"}));
  EXPECT_EQ(ParseName("recipients/017f22e2-79b0-7cc3-98c4-dc0c0c07398f/subscriptions/breaking",
                      "recipients/*/subscriptions/*"),
            Ids({"017f22e2-79b0-7cc3-98c4-dc0c0c07398f", "breaking"}));
  EXPECT_EQ(ParseName("settings", "settings"), Ids());
}

TEST(ParseName, RefusesWhatDoesNotMatch) {
  for (const char* name : {"", "articles", "articles/", "/articles/kyiv", "articles/kyiv/", "articles//kyiv",
                           "articles/kyiv/revisions/1", "tags/kyiv", "articles/Kyiv", "articles/*", "articles/-",
                           "articles/..", "articles/a%2Fb", "Articles/kyiv", "articles/kyiv\n"}) {
    EXPECT_EQ(ParseName(name, "articles/*"), std::nullopt) << name;
  }
}

}  // namespace
}  // namespace masthead::resource
