#include "services/notifications/following/topic.h"

#include "gtest/gtest.h"

namespace masthead::notifications {
namespace {

TEST(Topic, IsWhatItsNameSays) {
  EXPECT_EQ(TopicIdOf("topics/breaking"), "breaking");
  EXPECT_EQ(TopicIdOf("topics/a/b"), "");
  EXPECT_EQ(TopicIdOf("breaking"), "");
  EXPECT_EQ(TopicName("breaking"), "topics/breaking");
}

TEST(Topic, FirstSeenFollowsWhatItsIdSays) {
  EXPECT_EQ(TopicFirstSeen("section-war").source, "SECTION");
  EXPECT_EQ(TopicFirstSeen("section-war").source_resource, "sections/war");
  EXPECT_EQ(TopicFirstSeen("desk-news-desk").source, "AUTHOR");
  EXPECT_EQ(TopicFirstSeen("desk-news-desk").source_resource, "contributors/news-desk");
  EXPECT_EQ(TopicFirstSeen("weekly").source, "NEWSLETTER");
  EXPECT_EQ(TopicFirstSeen("weekly").source_resource, "");
}

TEST(Topic, IsNamedInTheReadersLanguageThenInEnglishThenByItsId) {
  Topic topic = TopicFirstSeen("section-war");
  EXPECT_EQ(DisplayName(topic, "uk"), "section-war");
  topic.display_names = {{"en", "War"}};
  EXPECT_EQ(DisplayName(topic, "uk"), "War");
  topic.display_names["uk"] = "Війна";
  EXPECT_EQ(DisplayName(topic, "uk-UA"), "Війна");
  EXPECT_EQ(DisplayName(topic, ""), "War");
}

TEST(LanguageOf, IsTheFirstSubtagInLowerCase) {
  EXPECT_EQ(LanguageOf("uk-UA"), "uk");
  EXPECT_EQ(LanguageOf("EN_gb"), "en");
  EXPECT_EQ(LanguageOf(""), "");
}

TEST(Subscription, IsNamedByRecipientAndTopic) {
  EXPECT_EQ(SubscriptionName({.recipient_id = "olha", .topic_id = "breaking"}),
            "recipients/olha/subscriptions/breaking");
}

}  // namespace
}  // namespace masthead::notifications
