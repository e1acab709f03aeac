#include "services/notifications/alerts/alert.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace masthead::notifications {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

const absl::Time kPublished = absl::FromUnixSeconds(1700000000);

Topic TopicThatLasts(const std::string& id, absl::Duration expiry) {
  Topic topic = TopicFirstSeen(id);
  topic.default_expiry = expiry;
  return topic;
}

TEST(TopicsOf, AreBreakingThenTheSectionThenItsDesks) {
  PublishedArticle article;
  article.breaking = true;
  article.section_id = "war";
  article.desk_ids = {"news-desk", "photo-desk", "news-desk"};
  EXPECT_THAT(TopicsOf(article), ElementsAre("breaking", "section-war", "desk-news-desk", "desk-photo-desk"));
}

TEST(TopicsOf, AreAlsoThoseOfTheOtherSectionsThatAnArticleStandsIn) {
  PublishedArticle article;
  article.section_id = "war";
  article.additional_section_ids = {"world", "war"};
  EXPECT_THAT(TopicsOf(article), ElementsAre("section-war", "section-world"));
}

TEST(TopicsOf, AreNoneForAnArticleThatNobodyCanFollow) { EXPECT_THAT(TopicsOf(PublishedArticle()), IsEmpty()); }

TEST(MakeAlert, TellsAnArticleOnceAndAtMostOnce) {
  PublishedArticle article;
  article.text.article = "articles/talks";
  const Message message = MakeAlert(article, {TopicThatLasts("section-war", absl::Hours(4))}, kPublished);
  EXPECT_EQ(message.dedupe_key, "articles/talks");
  EXPECT_EQ(message.duplicate_policy, "AT_MOST_ONCE");
  EXPECT_EQ(message.lane, "ALERT");
  EXPECT_EQ(message.state, "PREPARING");
}

TEST(MakeAlert, LetsBreakingNewsOvertake) {
  PublishedArticle article;
  article.breaking = true;
  EXPECT_EQ(MakeAlert(article, {TopicThatLasts("breaking", absl::Hours(4))}, kPublished).lane, "BREAKING");
}

TEST(MakeAlert, ExpiresWithTheShortestOfItsTopicsFromPublicationOn) {
  const Message message = MakeAlert(
      {}, {TopicThatLasts("breaking", absl::Hours(4)), TopicThatLasts("section-war", absl::Hours(1))}, kPublished);
  EXPECT_EQ(message.expire_time, kPublished + absl::Hours(1));
  EXPECT_THAT(message.topics, ElementsAre("breaking", "section-war"));
}

}  // namespace
}  // namespace masthead::notifications
