#include "services/memberships/tokens/lifetime.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace masthead::memberships {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

const absl::Time kNoon = absl::FromUnixSeconds(1'800'000'000);

Grant Until(const char* tier, std::optional<absl::Duration> end) {
  Grant grant = {.member_id = "nina", .id = "g", .tier_id = tier, .start_time = kNoon - absl::Hours(1)};
  if (end) grant.end_time = kNoon + *end;
  return grant;
}

TEST(TokenLifetime, IsTenMinutesAtMost) {
  EXPECT_EQ(TiersForToken({}, kNoon).lifetime, absl::Minutes(10));
  EXPECT_EQ(TiersForToken({Until("gold", absl::Hours(1)), Until("silver", std::nullopt)}, kNoon).lifetime,
            absl::Minutes(10));
}

TEST(TokenLifetime, NeverPassesTheEndOfTheFirstTier) {
  const TokenTiers token = TiersForToken(
      {Until("gold", absl::Minutes(8)), Until("silver", absl::Seconds(90) + absl::Milliseconds(700))}, kNoon);
  EXPECT_THAT(token.tier_ids, ElementsAre("gold", "silver"));
  EXPECT_EQ(token.lifetime, absl::Seconds(90));
}

TEST(TokenLifetime, ATierThatIsAsGoodAsOverIsLeftOut) {
  const TokenTiers token = TiersForToken({Until("gold", absl::Milliseconds(900))}, kNoon);
  EXPECT_THAT(token.tier_ids, IsEmpty());
  EXPECT_EQ(token.lifetime, absl::Minutes(10));
}

}  // namespace
}  // namespace masthead::memberships
