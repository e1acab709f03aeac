#include "services/memberships/support/campaign.h"

#include "gtest/gtest.h"

namespace masthead::memberships {
namespace {

TEST(CampaignTest, AGoalIsReachedWhenItIsAndNotBefore) {
  const CampaignGoal goal = {.money = std::nullopt, .members = 300};
  EXPECT_EQ(PercentReached(goal, {.raised = {}, .members_gained = 299}), 99);
  EXPECT_EQ(PercentReached(goal, {.raised = {}, .members_gained = 300}), 100);
  EXPECT_EQ(PercentReached(goal, {.raised = {}, .members_gained = 450}), 150);
  EXPECT_EQ(PercentReached(std::nullopt, {.raised = {}, .members_gained = 450}), 0);
  const CampaignGoal money = {.money = Money{"UAH", 10000}, .members = std::nullopt};
  EXPECT_EQ(PercentReached(money, {.raised = {{"EUR", 99999}, {"UAH", 2500}}, .members_gained = 0}), 25);
}

TEST(CampaignTest, AReaderIsAskedInTheReadersLanguageOrTheNewsrooms) {
  Campaign campaign;
  campaign.texts = {{.locale = "uk", .headline = "Підтримайте нас"}, {.locale = "en-GB", .headline = "Support us"}};
  EXPECT_EQ(TextFor(campaign, "uk-UA").locale, "uk");
  EXPECT_EQ(TextFor(campaign, "en").locale, "en-GB");
  EXPECT_EQ(TextFor(campaign, "pl").locale, "uk");
  EXPECT_EQ(TextFor(campaign, "").locale, "uk");
}

TEST(CampaignTest, ACampaignThatIsEndedBeforeItBeginsNeverBegins) {
  const absl::Time now = absl::FromUnixSeconds(1'800'000'000);
  Campaign campaign;
  campaign.start_time = now + absl::Hours(1);
  EXPECT_EQ(StateAt(campaign, now), Campaign::State::kScheduled);
  EXPECT_TRUE(End(campaign, now));
  EXPECT_FALSE(End(campaign, now));
  EXPECT_EQ(StateAt(campaign, now + absl::Hours(2)), Campaign::State::kEnded);
}

}  // namespace
}  // namespace masthead::memberships
