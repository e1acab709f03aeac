// The rules of campaigns.
#include "services/notifications/campaigns/campaign.h"

#include "gmock/gmock.h"

namespace masthead::notifications {
namespace {

using ::testing::ElementsAre;

Campaign WithMessages(const std::vector<std::string>& states) {
  Campaign campaign;
  campaign.state = "STARTED";
  for (const std::string& state : states) {
    Message message;
    message.state = state;
    campaign.messages.push_back(message);
  }
  return campaign;
}

TEST(CampaignState, IsThatOfItsMessagesOnceItHasStarted) {
  EXPECT_EQ(StateOf(Campaign()), "DRAFT");
  EXPECT_EQ(StateOf(WithMessages({"PREPARING"})), "PREPARING");
  EXPECT_EQ(StateOf(WithMessages({"FINISHED", "SENDING"})), "SENDING");
  EXPECT_EQ(StateOf(WithMessages({"FINISHED", "PAUSED"})), "PAUSED");
  EXPECT_EQ(StateOf(WithMessages({"FINISHED", "FAILED"})), "FAILED");
  EXPECT_EQ(StateOf(WithMessages({"FINISHED", "CANCELLED"})), "CANCELLED");
  EXPECT_EQ(StateOf(WithMessages({"FINISHED", "FINISHED"})), "FINISHED");
}

TEST(CampaignState, IsSendingWhileATestAwaitsItsDecision) {
  Campaign campaign = WithMessages({"FINISHED"});
  campaign.variants = {{}, {}};
  campaign.sample_per_mille = 200;
  EXPECT_TRUE(campaign.awaits_decision());
  EXPECT_EQ(StateOf(campaign), "SENDING");
  EXPECT_FALSE(HasSettled(campaign));
  campaign.sample_per_mille = kWholeAudience;
  EXPECT_EQ(StateOf(campaign), "FINISHED");
  EXPECT_TRUE(HasSettled(campaign));
}

TEST(CampaignVariants, ShareTheTestByWeightAndLeaveNobodyOut) {
  const auto parts = [](const std::vector<int>& weights) {
    std::vector<CampaignVariant> variants;
    for (const int weight : weights) variants.push_back({.letter = std::nullopt, .values = {}, .weight = weight});
    return PerMille(variants);
  };
  EXPECT_THAT(parts({1, 1}), ElementsAre(500, 500));
  EXPECT_THAT(parts({1, 1, 1}), ElementsAre(333, 333, 334));
  EXPECT_THAT(parts({1, 999}), ElementsAre(1, 999));
  EXPECT_THAT(parts({1000, 1, 1000}), ElementsAre(499, 1, 500));
}

TEST(CampaignMessage, NeverOvertakesNews) {
  Campaign campaign;
  campaign.title = "Our week";
  const absl::Time now = absl::FromUnixSeconds(1'800'000'000);
  Topic breaking = {.id = "breaking", .lane = "BREAKING", .default_expiry = absl::Hours(1)};
  EXPECT_EQ(MakeCampaignMessage(campaign, {breaking}, now).lane, "NEWSLETTER");
  Topic appeals = {.id = "appeals", .category = "CAMPAIGN", .lane = "BULK"};
  EXPECT_EQ(MakeCampaignMessage(campaign, {appeals, breaking}, now).lane, "BULK");
  EXPECT_EQ(MakeCampaignMessage(campaign, {appeals}, now).category, "CAMPAIGN");
  EXPECT_EQ(MakeCampaignMessage(campaign, {breaking}, now).alert.headline, "Our week");
}

TEST(CampaignMessage, ExpiresWithItsTopicUnlessItSaysOtherwiseAndADayLaterWithALocalTime) {
  Campaign campaign;
  const absl::Time now = absl::FromUnixSeconds(1'800'000'000);
  const Topic topic = {.id = "weekly", .default_expiry = absl::Hours(6)};
  EXPECT_EQ(MakeCampaignMessage(campaign, {topic}, now).expire_time, now + absl::Hours(6));
  campaign.expiry = absl::Hours(48);
  EXPECT_EQ(MakeCampaignMessage(campaign, {topic}, now).expire_time, now + absl::Hours(48));
  campaign.audience.local_minute = 8 * 60;
  EXPECT_EQ(MakeCampaignMessage(campaign, {topic}, now).expire_time, now + absl::Hours(72));
}

TEST(BestVariant, IsTheOneWithTheMostForEachThatWasSent) {
  const auto best = [](std::vector<VariantResult> results) { return BestVariant(results); };
  EXPECT_EQ(best({{.sent = 100, .counted = 10}, {.sent = 100, .counted = 11}}), 1);
  EXPECT_EQ(best({{.sent = 10, .counted = 2}, {.sent = 1000, .counted = 199}}), 0) << "not the most of all";
  EXPECT_EQ(best({{.sent = 3, .counted = 1}, {.sent = 6, .counted = 2}}), 0) << "the first of equals";
  EXPECT_EQ(best({{.sent = 10, .counted = 0}, {.sent = 10, .counted = 0}}), 0) << "nobody looked";
  EXPECT_EQ(best({{.sent = 0, .counted = 0}, {.sent = 5, .counted = 1}}), 1) << "what nobody was sent shows nothing";
  EXPECT_EQ(best({{.sent = 5, .counted = 1}, {.sent = 0, .counted = 0}}), 0);
}

}  // namespace
}  // namespace masthead::notifications
