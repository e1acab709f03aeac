#include "services/memberships/entitlements/access.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace masthead::memberships {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using Level = AccessRequirement::Level;
using Reason = AccessDecision::Reason;

const absl::Time kNoon = absl::FromUnixSeconds(1'800'000'000);

Standing MemberWith(std::vector<std::pair<const char*, std::optional<absl::Duration>>> tiers) {
  Standing standing = {.registered = true, .grants = {}};
  for (const auto& [tier, end] : tiers) {
    Grant grant = {.member_id = "nina", .id = "g", .tier_id = tier, .start_time = kNoon - absl::Hours(1)};
    if (end) grant.end_time = kNoon + *end;
    standing.grants.push_back(grant);
  }
  return standing;
}

TEST(Access, PublicIsForEverybody) {
  const AccessDecision decision = Decide({.level = Level::kPublic, .tier_ids = {}}, {}, kNoon);
  EXPECT_TRUE(decision.granted);
  EXPECT_EQ(decision.reason, Reason::kOpenToAll);
}

TEST(Access, NobodyButMembersPassesAnyOtherLevel) {
  for (Level level : {Level::kRegistered, Level::kMembers, Level::kPlans}) {
    const AccessDecision decision = Decide({.level = level, .tier_ids = {"gold"}}, {}, kNoon);
    EXPECT_FALSE(decision.granted);
    EXPECT_EQ(decision.reason, Reason::kNotRegistered);
  }
}

TEST(Access, AMemberWithoutATierReadsWhatIsForRegisteredReadersOnly) {
  const Standing nina = MemberWith({});
  EXPECT_EQ(Decide({.level = Level::kRegistered, .tier_ids = {}}, nina, kNoon).reason, Reason::kIsRegistered);
  EXPECT_EQ(Decide({.level = Level::kMembers, .tier_ids = {}}, nina, kNoon).reason, Reason::kLacksTier);
  EXPECT_EQ(Decide({.level = Level::kPlans, .tier_ids = {"gold"}}, nina, kNoon).reason, Reason::kLacksTier);
}

TEST(Access, AnyTierAdmitsToWhatIsForMembers) {
  const AccessDecision decision =
      Decide({.level = Level::kMembers, .tier_ids = {}}, MemberWith({{"bronze", absl::Hours(1)}}), kNoon);
  EXPECT_TRUE(decision.granted);
  EXPECT_THAT(decision.tier_ids, ElementsAre("bronze"));
  EXPECT_EQ(decision.end_time, kNoon + absl::Hours(1));
}

TEST(Access, OneOfTheNamedTiersIsEnough) {
  const Standing nina = MemberWith({{"bronze", std::nullopt}, {"gold", absl::Hours(1)}, {"silver", absl::Hours(2)}});
  const AccessDecision decision =
      Decide({.level = Level::kPlans, .tier_ids = {"gold", "silver", "platinum"}}, nina, kNoon);
  EXPECT_TRUE(decision.granted);
  EXPECT_THAT(decision.tier_ids, ElementsAre("gold", "silver"));
  EXPECT_EQ(decision.end_time, kNoon + absl::Hours(2));
}

TEST(Access, WithAGrantForGoodThereIsNoEnd) {
  for (const Standing& nina : {MemberWith({{"gold", std::nullopt}, {"silver", absl::Hours(2)}}),
                               MemberWith({{"gold", absl::Hours(2)}, {"silver", std::nullopt}})}) {
    const AccessDecision decision = Decide({.level = Level::kMembers, .tier_ids = {}}, nina, kNoon);
    EXPECT_TRUE(decision.granted);
    EXPECT_EQ(decision.end_time, std::nullopt);
  }
}

TEST(Access, PlansWithoutTiersAdmitNobody) {
  EXPECT_FALSE(Decide({.level = Level::kPlans, .tier_ids = {}}, MemberWith({{"gold", std::nullopt}}), kNoon).granted);
}

TEST(Access, AnEndedGrantGivesNothingWithoutAnybodyCleaningUp) {
  const AccessDecision decision =
      Decide({.level = Level::kPlans, .tier_ids = {"gold"}}, MemberWith({{"gold", absl::ZeroDuration()}}), kNoon);
  EXPECT_FALSE(decision.granted);
  EXPECT_EQ(decision.reason, Reason::kLacksTier);
  EXPECT_THAT(decision.tier_ids, IsEmpty());
}

}  // namespace
}  // namespace masthead::memberships
