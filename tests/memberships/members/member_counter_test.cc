#include "services/memberships/members/member_counter.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/memberships/vectors.h"

namespace masthead::memberships {
namespace {

TEST(MemberCounter, TheBannerRoundsDownToTwoSignificantDigits) {
  struct Case {
    int64_t members;
    int64_t count;
    const char* text;
  };
  for (const Case& c : {
           Case{0, 0, "0"},
           Case{7, 7, "7"},
           Case{99, 99, "99"},
           Case{100, 100, "100+"},
           Case{101, 100, "100+"},
           Case{999, 990, "990+"},
           Case{1000, 1000, "1,000+"},
           Case{1234, 1200, "1,200+"},
           Case{9999, 9900, "9,900+"},
           Case{10000, 10000, "10,000+"},
           Case{10432, 10000, "10,000+"},
           Case{24999, 24000, "24,000+"},
           Case{100000, 100000, "100,000+"},
           Case{1049999, 1000000, "1,000,000+"},
           Case{123456789, 120000000, "120,000,000+"},
       }) {
    EXPECT_EQ(BannerCount(c.members), c.count);
    EXPECT_EQ(BannerText(c.members), c.text);
  }
}

TEST(MemberCounter, TheBannerNeverSaysMoreThanThereAre) {
  for (int64_t members = 0; members < 200'000; members += 37) EXPECT_LE(BannerCount(members), members);
}

TEST(MemberCounter, MilestonesRise) {
  EXPECT_THAT(Milestones(), ::testing::ElementsAre(100, 1000, 10000, 25000, 50000, 100000, 250000, 500000, 1000000));
}

TEST(MemberCounter, IsTextedAsInThePublishedVectors) {
  const auto vectors = PublishedVectors("counter_display");
  SKIP_WITHOUT_VECTORS(vectors);
  for (const nlohmann::json& one : *vectors) {
    EXPECT_EQ(BannerText(one.at("n").get<int64_t>()), one.at("text").get<std::string>());
  }
}

}  // namespace
}  // namespace masthead::memberships
