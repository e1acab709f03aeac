#include "services/memberships/grants/grant.h"

#include <algorithm>
#include <random>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/status_matchers.h"

namespace masthead::memberships {
namespace {

using ::masthead::testing::IsOk;
using ::masthead::testing::StatusIs;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

const absl::Time kNoon = absl::FromUnixSeconds(1'800'000'000);

Grant GrantOf(const char* tier, absl::Duration start, std::optional<absl::Duration> end) {
  Grant grant = {.member_id = "nina", .id = "g", .tier_id = tier, .start_time = kNoon + start};
  if (end) grant.end_time = kNoon + *end;
  return grant;
}

TEST(Grant, GivesFromItsStartUntilJustBeforeItsEnd) {
  const Grant grant = GrantOf("gold", absl::Hours(1), absl::Hours(2));

  EXPECT_EQ(StateAt(grant, kNoon), Grant::State::kScheduled);
  EXPECT_EQ(StateAt(grant, kNoon + absl::Hours(1)), Grant::State::kActive);
  EXPECT_EQ(StateAt(grant, kNoon + absl::Hours(2) - absl::Microseconds(1)), Grant::State::kActive);
  EXPECT_EQ(StateAt(grant, kNoon + absl::Hours(2)), Grant::State::kEnded);
}

TEST(Grant, TheEndOfOneTakesNothingFromAnother) {
  const std::vector<Grant> grants = {GrantOf("gold", -absl::Hours(2), absl::Hours(1)),
                                     GrantOf("gold", -absl::Hours(1), std::nullopt)};

  EXPECT_THAT(EntitlementsAt(grants, kNoon), ElementsAre(Entitlement{"gold", std::nullopt}));
  EXPECT_THAT(TiersAt(grants, kNoon + absl::Hours(3)), ElementsAre("gold"));
}

TEST(Grant, RevokingOneLeavesTheOther) {
  std::vector<Grant> grants = {GrantOf("gold", -absl::Hours(2), std::nullopt),
                               GrantOf("gold", -absl::Hours(1), absl::Hours(1))};

  EXPECT_THAT(Revoke(grants[0], kNoon), IsOk());

  EXPECT_THAT(EntitlementsAt(grants, kNoon), ElementsAre(Entitlement{"gold", kNoon + absl::Hours(1)}));
  EXPECT_THAT(TiersAt(grants, kNoon + absl::Hours(1)), IsEmpty());
}

TEST(Grant, GrantsThatFollowOneAnotherCountAsOne) {
  const std::vector<Grant> grants = {
      GrantOf("gold", absl::Hours(1), absl::Hours(2)), GrantOf("gold", -absl::Hours(1), absl::Hours(1)),
      GrantOf("gold", absl::Hours(3), absl::Hours(4)), GrantOf("silver", absl::Hours(1), absl::Hours(2))};

  EXPECT_THAT(EntitlementsAt(grants, kNoon), ElementsAre(Entitlement{"gold", kNoon + absl::Hours(2)}));
}

TEST(Grant, ARevokedOrEndedGrantCannotBeRevoked) {
  Grant grant = GrantOf("gold", -absl::Hours(1), absl::Hours(1));
  EXPECT_THAT(Revoke(grant, kNoon), IsOk());
  EXPECT_THAT(Revoke(grant, kNoon), StatusIs(absl::StatusCode::kFailedPrecondition, "GRANT_OVER"));

  Grant ended = GrantOf("gold", -absl::Hours(2), -absl::Hours(1));
  EXPECT_THAT(Revoke(ended, kNoon), StatusIs(absl::StatusCode::kFailedPrecondition, "GRANT_OVER"));
}

TEST(Grant, AScheduledGrantCanBeRevokedBeforeItGivesAnything) {
  Grant grant = GrantOf("gold", absl::Hours(1), absl::Hours(2));
  EXPECT_THAT(Revoke(grant, kNoon), IsOk());
  EXPECT_EQ(StateAt(grant, kNoon + absl::Minutes(90)), Grant::State::kRevoked);
}

TEST(Grant, TheNextChangeIsTheStartThenTheEndThenNever) {
  Grant grant = GrantOf("gold", absl::Hours(1), absl::Hours(2));
  EXPECT_EQ(NextChange(grant, kNoon), kNoon + absl::Hours(1));
  EXPECT_EQ(NextChange(grant, kNoon + absl::Hours(1)), kNoon + absl::Hours(2));
  EXPECT_EQ(NextChange(grant, kNoon + absl::Hours(2)), std::nullopt);
  EXPECT_EQ(NextChange(GrantOf("gold", -absl::Hours(1), std::nullopt), kNoon), std::nullopt);
}

TEST(Grant, OneThatWouldBeOverAlreadyIsAMistake) {
  EXPECT_THAT(CheckNotOver("grant", GrantOf("gold", absl::Hours(1), absl::Hours(2)), kNoon), IsOk());
  EXPECT_THAT(CheckNotOver("grant", GrantOf("gold", -absl::Hours(1), std::nullopt), kNoon), IsOk());
  EXPECT_THAT(CheckNotOver("grant", GrantOf("gold", -absl::Hours(2), absl::ZeroDuration()), kNoon),
              StatusIs(absl::StatusCode::kInvalidArgument, "INVALID_FIELD"));
  EXPECT_THAT(CheckNotOver("grant", GrantOf("gold", absl::Hours(2), absl::Hours(2)), kNoon),
              StatusIs(absl::StatusCode::kInvalidArgument, "INVALID_FIELD"));
}

// The law: a tier is had exactly while one of its grants runs, and not a microsecond longer than the entitlement says.
TEST(Grant, TheUnionOfAnyGrantsAgreesWithEachMoment) {
  const unsigned seed = std::random_device()();
  SCOPED_TRACE(::testing::Message() << "seed " << seed);
  std::mt19937 random(seed);
  const auto hours = [&](int below) { return absl::Hours(static_cast<int>(random() % below)); };
  for (int round = 0; round < 500; ++round) {
    std::vector<Grant> grants;
    for (int i = 0; i < 6; ++i) {
      const absl::Duration start = hours(20);
      grants.push_back(GrantOf(random() % 2 ? "gold" : "silver", start,
                               random() % 8 ? std::make_optional(start + absl::Hours(1) + hours(8)) : std::nullopt));
      if (random() % 4 == 0) grants.back().revoke_time = kNoon + start + hours(6);
    }
    for (int hour = 0; hour < 30; ++hour) {
      const absl::Time now = kNoon + absl::Hours(hour);
      const auto runs = [](const std::string& tier, absl::Time at) {
        return [tier, at](const Grant& g) { return g.tier_id == tier && StateAt(g, at) == Grant::State::kActive; };
      };
      const std::vector<Entitlement> entitlements = EntitlementsAt(grants, now);
      for (const char* tier : {"gold", "silver"}) {
        const auto found = std::find_if(entitlements.begin(), entitlements.end(),
                                        [&](const Entitlement& e) { return e.tier_id == tier; });
        ASSERT_EQ(found != entitlements.end(), std::any_of(grants.begin(), grants.end(), runs(tier, now)));
      }
    }
  }
}

}  // namespace
}  // namespace masthead::memberships
