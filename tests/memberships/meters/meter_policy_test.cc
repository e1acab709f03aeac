#include "services/memberships/meters/meter_policy.h"

#include <string>
#include <vector>

#include "gtest/gtest.h"

namespace masthead::memberships {
namespace {

MeterPolicy Monthly() {
  return {.id = "monthly",
          .display_name = "Five a month",
          .levels = {AccessLevel::kMembers, AccessLevel::kPlans},
          .time_zone = "Europe/Kyiv",
          .anonymous_max_views = 2,
          .registered_max_views = 5};
}

bool IsGood(MeterPolicy policy) {
  FieldViolations violations;
  CheckMeterPolicy("meter_policy", policy, violations);
  return violations.empty();
}

// The ID of the one that gives such readers views of such articles, asked in this order.
std::string Giving(const std::vector<MeterPolicy>& in_order, AccessLevel level, ReaderKind kind) {
  const MeterPolicy* policy = FindGivingPolicy(in_order, level, kind);
  return policy == nullptr ? "" : policy->id;
}

TEST(MeterPolicy, DecidesAboutTheReadersAndLevelsThatItSpeaksOf) {
  MeterPolicy policy = Monthly();
  policy.anonymous_max_views.reset();
  EXPECT_EQ(Giving({policy}, AccessLevel::kPlans, ReaderKind::kRegistered), "monthly");
  EXPECT_EQ(Giving({policy}, AccessLevel::kRegistered, ReaderKind::kRegistered), "");
  EXPECT_EQ(Giving({policy}, AccessLevel::kPlans, ReaderKind::kAnonymous), "");
  EXPECT_EQ(Giving({}, AccessLevel::kPlans, ReaderKind::kAnonymous), "");
}

TEST(MeterPolicy, UnsetLeavesTheDecisionToTheNextAndOffDoesNot) {
  MeterPolicy first = Monthly();
  MeterPolicy second = Monthly();
  second.id = "second";
  EXPECT_EQ(Giving({first, second}, AccessLevel::kPlans, ReaderKind::kAnonymous), "monthly");
  first.anonymous_max_views.reset();
  EXPECT_EQ(Giving({first, second}, AccessLevel::kPlans, ReaderKind::kAnonymous), "second");
  first.anonymous_max_views = 0;
  EXPECT_EQ(Giving({first, second}, AccessLevel::kPlans, ReaderKind::kAnonymous), "");
}

TEST(MeterPolicy, IsRefusedWhereItMeansNothing) {
  EXPECT_TRUE(IsGood(Monthly()));
  const auto with = [](auto change) {
    MeterPolicy policy = Monthly();
    change(policy);
    return IsGood(policy);
  };
  EXPECT_TRUE(with([](MeterPolicy& policy) { policy.registered_max_views.reset(); }));
  EXPECT_FALSE(with([](MeterPolicy& policy) { policy.levels = {}; }));
  EXPECT_FALSE(with([](MeterPolicy& policy) { policy.levels = {AccessLevel::kPublic}; }));
  EXPECT_FALSE(with([](MeterPolicy& policy) { policy.levels.push_back(AccessLevel::kPlans); }));
  EXPECT_FALSE(with([](MeterPolicy& policy) { policy.display_name = ""; }));
  EXPECT_FALSE(with([](MeterPolicy& policy) { policy.time_zone = ""; }));
  EXPECT_FALSE(with([](MeterPolicy& policy) { policy.time_zone = "Europe/Atlantis"; }));
  EXPECT_FALSE(with([](MeterPolicy& policy) { policy.anonymous_max_views = -1; }));
  EXPECT_FALSE(with([](MeterPolicy& policy) { policy.registered_max_views = 1001; }));
  EXPECT_FALSE(with([](MeterPolicy& policy) { policy.priority = -1; }));
  EXPECT_FALSE(with([](MeterPolicy& policy) { policy.priority = 1001; }));
}

}  // namespace
}  // namespace masthead::memberships
