// Corrections and retractions: told to exactly those who were told the story.
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "masthead/notifications/v1/campaign_service.grpc.pb.h"
#include "tests/notifications/support/newsroom.h"
#include "tests/support/status_matchers.h"

namespace masthead::notifications {
namespace {

using ::masthead::testing::IsOk;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class Notice : public QuietNewsroomTest {
 protected:
  // All about the article, the newest first.
  std::vector<v1::Message> MessagesAbout(const std::string& article) {
    v1::ListMessagesRequest request;
    request.set_article("articles/" + article);
    v1::ListMessagesResponse response;
    EXPECT_THAT(messages_->ListMessages(AsEditor().get(), request, &response), IsOk());
    return {response.messages().begin(), response.messages().end()};
  }

  void UntilMessagesAre(const std::string& article, size_t count) {
    Until("the messages are made", [&] { return MessagesAbout(article).size() == count; });
  }

  void SendToAll() {
    ASSERT_THAT(FanOutAll(), IsOk());
    ASSERT_THAT(SendAll(), IsOk());
  }

  void TellOfTalks() {
    articles_.Publish({.id = "talks"});
    UntilMessagesAre("talks", 1);
    SendToAll();
  }

  // Whatever is told of articles before it has been heard of when this returns.
  void UntilHeard() {
    articles_.Publish({.id = absl::StrCat("marker-", ++markers_), .section = "weather", .desks = {"weather"}});
    UntilMessagesAre(absl::StrCat("marker-", markers_), 1);
  }

  int markers_ = 0;
};

TEST_F(Notice, OfACorrectionReachesWhoWasToldAndNobodyElse) {
  AddReader("olha", {"section-war"});
  AddReader("ivan", {"section-war"}, "uk-UA");
  AddReader("mark", {"section-culture"});
  TellOfTalks();
  AddReader("late", {"section-war"});
  articles_.Correct("talks", "c1", "It was Tuesday, and not Monday.");
  UntilMessagesAre("talks", 2);
  SendToAll();
  const v1::Message notice = MessagesAbout("talks")[0];
  EXPECT_EQ(notice.notice().kind(), v1::Message::Notice::CORRECTION);
  EXPECT_EQ(notice.notice().text(), "It was Tuesday, and not Monday.");
  EXPECT_EQ(notice.counts().candidates(), 2);
  ASSERT_THAT(LettersTo("olha"), SizeIs(2));
  EXPECT_THAT(LettersTo("olha")[1].bytes, HasSubstr("It was Tuesday"));
  ASSERT_THAT(LettersTo("ivan"), SizeIs(2));
  EXPECT_THAT(LettersTo("ivan")[1].bytes, HasSubstr("Content-Language: uk"));
  EXPECT_THAT(LettersTo("olha")[1].bytes, HasSubstr("List-Unsubscribe-Post"));
  EXPECT_THAT(LettersTo("mark"), IsEmpty());
  EXPECT_THAT(LettersTo("late"), IsEmpty());
}

// They believe what we told them.
TEST_F(Notice, ReachesWhoHasLeftTheTopicSince) {
  AddReader("olha", {"section-war"});
  TellOfTalks();
  v1::UnsubscribeRequest leave;
  leave.set_token(UnsubscribeToken("olha", "section-war"));
  v1::UnsubscribeResponse left;
  ASSERT_THAT(subscriptions_->Unsubscribe(Anonymous().get(), leave, &left), IsOk());
  articles_.Correct("talks", "c1", "It was Tuesday.");
  UntilMessagesAre("talks", 2);
  SendToAll();
  EXPECT_THAT(LettersTo("olha"), SizeIs(2));
}

TEST_F(Notice, OfACorrectionIsToldOnceHoweverOftenItIsReworded) {
  AddReader("olha", {"section-war"});
  TellOfTalks();
  articles_.Correct("talks", "c1", "It was Tuesday.");
  UntilMessagesAre("talks", 2);
  articles_.Correct("talks", "c1", "It was Tuesday, not Monday.");
  articles_.WithdrawCorrection("talks", "c1");
  articles_.Correct("talks", "c2", "A reader reminds us.", articles::v1::Correction::UPDATE);
  UntilHeard();
  EXPECT_THAT(MessagesAbout("talks"), SizeIs(2));
}

TEST_F(Notice, IsNotMadeOfWhatNobodyWasTold) {
  articles_.Correct("unheard", "c1", "It was Tuesday.");
  articles_.Retract("unheard");
  UntilHeard();
  EXPECT_THAT(MessagesAbout("unheard"), IsEmpty());
}

TEST_F(Notice, OfARetractionStopsTheAlertAndReachesWhoHadItAlready) {
  for (int i = 0; i < 3; ++i) AddReader(absl::StrCat("reader-", i), {"section-war"});
  articles_.Publish({.id = "talks"});
  UntilMessagesAre("talks", 1);
  ASSERT_THAT(FanOutAll(), IsOk());
  // One of the three has been told when the article is retracted.
  postgres_.Execute("UPDATE deliveries SET state = 'SENT' WHERE seq = 1");
  articles_.Retract("talks");
  UntilMessagesAre("talks", 2);
  EXPECT_EQ(MessagesAbout("talks")[1].state(), v1::Message::CANCELLED);
  ASSERT_THAT(SendAll(), IsOk());
  EXPECT_THAT(sink_.messages(), IsEmpty());
  // What is on its way has arrived by then.
  postgres_.MoveClock(absl::Minutes(3));
  SendToAll();
  const v1::Message notice = MessagesAbout("talks")[0];
  EXPECT_EQ(notice.notice().kind(), v1::Message::Notice::RETRACTION);
  EXPECT_EQ(notice.counts().candidates(), 1);
  ASSERT_THAT(sink_.messages(), SizeIs(1));
  EXPECT_THAT(sink_.messages()[0].bytes, HasSubstr("Retracted: Ceasefire talks resume"));
}

TEST_F(Notice, ReachesReadersOfANewsletterThatHadTheArticle) {
  AddReader("olha", {"section-culture"});
  articles::v1::NewsletterContent content;
  content.set_article("articles/talks");
  content.set_headline("Talks resume");
  content.set_url_path("/en/talks");
  articles_.Offer(content);
  const std::unique_ptr<v1::CampaignService::Stub> campaigns = v1::CampaignService::NewStub(server_->Channel());
  v1::CreateCampaignRequest create;
  create.set_campaign_id("week");
  create.mutable_campaign()->set_title("Our week");
  create.mutable_campaign()->add_articles("articles/talks");
  create.mutable_campaign()->mutable_audience()->add_topics("topics/section-culture");
  v1::Campaign campaign;
  ASSERT_THAT(campaigns->CreateCampaign(AsEditor().get(), create, &campaign), IsOk());
  v1::StartCampaignRequest start;
  start.set_name(campaign.name());
  start.set_etag("*");
  ASSERT_THAT(campaigns->StartCampaign(AsEditor().get(), start, &campaign), IsOk());
  SendToAll();
  articles_.Correct("talks", "c1", "It was Tuesday.");
  UntilMessagesAre("talks", 1);
  SendToAll();
  ASSERT_THAT(LettersTo("olha"), SizeIs(2));
  EXPECT_THAT(LettersTo("olha")[1].bytes, HasSubstr("Correction: Talks resume"));
  EXPECT_THAT(LettersTo("olha")[1].bytes, HasSubstr("https://news.example/en/talks"));
}

}  // namespace
}  // namespace masthead::notifications
