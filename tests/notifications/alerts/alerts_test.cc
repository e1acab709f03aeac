// From article.published to the readers' mailboxes.
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "services/notifications/mail/message_id.h"
#include "tests/notifications/support/newsroom.h"
#include "tests/support/status_matchers.h"

namespace masthead::notifications {
namespace {

using ::masthead::testing::IsOk;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;
using ::testing::UnorderedElementsAre;

class Alert : public NewsroomTest {
 protected:
  explicit Alert(const std::function<void(NotificationsOptions&)>& adjust = nullptr) : NewsroomTest(adjust) {}
};

TEST_F(Alert, ReachesEverybodyWhoFollowsAndNobodyElse) {
  AddReader("olha", {"section-war"}, "uk-UA");
  AddReader("mark", {"desk-news-desk"});
  AddReader("ira", {"section-culture"});
  articles_.Publish({.id = "talks"});

  const v1::Message message = UntilEnded(MessageAbout("talks").name());
  EXPECT_EQ(message.state(), v1::Message::FINISHED);
  EXPECT_EQ(message.counts().candidates(), 2);
  EXPECT_EQ(message.counts().sent(), 2);
  EXPECT_THAT(message.topics(), ElementsAre("topics/section-war", "topics/desk-news-desk"));
  EXPECT_EQ(message.template_(), "templates/alert@1");
  EXPECT_EQ(message.duplicate_policy(), v1::Message::AT_MOST_ONCE);

  EXPECT_THAT(LettersTo("olha"), SizeIs(1));
  EXPECT_THAT(LettersTo("mark"), SizeIs(1));
  EXPECT_THAT(sink_.messages(), SizeIs(2));
  EXPECT_THAT(sink_.violations(), IsEmpty());
}

TEST_F(Alert, SpeaksTheReadersLanguage) {
  AddReader("olha", {"section-war"}, "uk-UA");
  AddReader("mark", {"section-war"}, "en-GB");
  AddReader("jan", {"section-war"}, "pl");
  articles_.Publish({.id = "talks"});
  UntilEnded(MessageAbout("talks").name());

  EXPECT_THAT(LettersTo("olha").at(0).bytes, HasSubstr("Content-Language: uk"));
  EXPECT_THAT(LettersTo("mark").at(0).bytes, HasSubstr("Content-Language: en"));
  EXPECT_THAT(LettersTo("jan").at(0).bytes, HasSubstr("Content-Language: en"));
}

TEST_F(Alert, CarriesWhatMailProgramsNeed) {
  AddReader("mark", {"breaking"});
  articles_.Publish({.id = "talks", .headline = "Breaking: Kyiv", .breaking = true});
  const v1::Message message = UntilEnded(MessageAbout("talks").name());
  EXPECT_EQ(message.lane(), v1::Message::BREAKING);

  const std::string letter = LettersTo("mark").at(0).bytes;
  EXPECT_THAT(letter, HasSubstr("\r\nSubject: Breaking: Kyiv\r\n"));
  EXPECT_THAT(letter, HasSubstr(absl::StrCat("List-Unsubscribe: <https://news.example/u/",
                                             UnsubscribeToken("mark", "breaking"), ">")));
  EXPECT_THAT(letter, HasSubstr("\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n"));
  EXPECT_THAT(letter, HasSubstr("<breaking.news.example>"));
  EXPECT_THAT(letter, HasSubstr("https://news.example/en/talks"));
  const std::string message_id = mail::MessageId(message.name(), "recipients/mark/endpoints/email", "news.example");
  EXPECT_THAT(letter, HasSubstr(absl::StrCat("Message-ID: ", message_id)));
  EXPECT_EQ(DeliveryTo(message.name(), "mark").message_id(), message_id);
}

TEST_F(Alert, TellsWhoFollowsTwoOfItsTopicsOnce) {
  AddReader("olha", {"section-war", "breaking", "desk-news-desk"});
  articles_.Publish({.id = "talks", .breaking = true});
  const v1::Message message = UntilEnded(MessageAbout("talks").name());
  EXPECT_EQ(message.counts().candidates(), 1);
  EXPECT_THAT(LettersTo("olha"), SizeIs(1));
  // The most urgent topic brought it, and is what its link leaves.
  EXPECT_EQ(DeliveryTo(message.name(), "olha").topic(), "topics/breaking");
}

TEST_F(Alert, IsMadeOnceOfARepeatedEventAndNotOfARepublication) {
  AddReader("olha", {"section-war"});
  articles_.Publish({.id = "talks"});
  UntilEnded(MessageAbout("talks").name());
  articles_.RepeatLastEvent();
  articles_.Publish({.id = "talks", .first_publication = false});
  articles_.Publish({.id = "talks"});  // Even if articles said "first" twice.
  articles_.Publish({.id = "later"});
  UntilEnded(MessageAbout("later").name());

  EXPECT_EQ(CountMessages(), 2);
  EXPECT_THAT(LettersTo("olha"), SizeIs(2));
}

TEST_F(Alert, IsNotMadeOfAnArchiveThatIsImported) {
  AddReader("olha", {"section-war"});
  articles_.Publish({.id = "talks-of-2014", .imported = true});
  articles_.Publish({.id = "later"});
  UntilEnded(MessageAbout("later").name());
  EXPECT_EQ(CountMessages(), 1);
  EXPECT_THAT(LettersTo("olha"), SizeIs(1));
}

TEST_F(Alert, IsNotMadeOfAnArticleThatIsWithdrawnAlready) {
  AddReader("olha", {"section-war"});
  notifications_->StopWorkers();
  articles_.Publish({.id = "mistake"});
  articles_.Withdraw("mistake");
  articles_.Publish({.id = "talks"});
  Notifications second(postgres_.database(), crypto::MacKey::Random(), articles_.channel(), memberships_.channel(), {});
  second.StartConsumers();
  MessageAbout("talks");
  EXPECT_EQ(CountMessages(), 1);
}

TEST_F(Alert, IsNotMadeOfOldNews) {
  AddReader("olha", {"section-war"});
  articles_.Publish({.id = "old"}, absl::Now() - absl::Hours(5));
  articles_.Publish({.id = "talks"});
  MessageAbout("talks");
  EXPECT_EQ(CountMessages(), 1);
}

TEST_F(Alert, MakesTheTopicsThatNobodyCreatedButNotOfPersons) {
  articles_.Publish({.id = "talks", .persons = {"olena-bondar"}});
  MessageAbout("talks");
  v1::ListTopicsResponse response;
  EXPECT_THAT(subscriptions_->ListTopics(Anonymous().get(), {}, &response), IsOk());
  std::vector<std::string> names;
  for (const v1::Topic& topic : response.topics()) names.push_back(topic.name());
  EXPECT_THAT(names, UnorderedElementsAre("topics/breaking", "topics/desk-news-desk", "topics/section-war"));
}

TEST_F(Alert, WithoutReadersIsFinishedAtOnce) {
  articles_.Publish({.id = "talks"});
  const v1::Message message = UntilEnded(MessageAbout("talks").name());
  EXPECT_EQ(message.state(), v1::Message::FINISHED);
  EXPECT_EQ(message.counts().candidates(), 0);
}

TEST_F(Alert, DoesNotGoToADeletedTopic) {
  AddReader("olha", {"section-war"});
  AddReader("mark", {"breaking"});
  v1::DeleteTopicRequest request;
  request.set_name("topics/section-war");
  request.set_etag("*");
  v1::Topic topic;
  ASSERT_THAT(subscriptions_->DeleteTopic(AsEditor().get(), request, &topic), IsOk());
  articles_.Publish({.id = "talks", .breaking = true});
  const v1::Message message = UntilEnded(MessageAbout("talks").name());
  EXPECT_THAT(message.topics(), Not(::testing::Contains("topics/section-war")));
  EXPECT_THAT(LettersTo("olha"), IsEmpty());
  EXPECT_THAT(LettersTo("mark"), SizeIs(1));
}

TEST_F(Alert, IsAnnouncedToOtherServicesFromBirthToEnd) {
  AddReader("olha", {"section-war"});
  articles_.Publish({.id = "talks"});
  const v1::Message message = UntilEnded(MessageAbout("talks").name());
  v1::ListEventsRequest request;
  v1::ListEventsResponse response;
  Until("both events are there", [&] {
    EXPECT_THAT(events_->ListEvents(AsBackend().get(), request, &response), IsOk());
    return response.events_size() == 2;
  });
  ASSERT_EQ(response.events_size(), 2);
  EXPECT_EQ(response.events(0).message_created().article(), "articles/talks");
  EXPECT_EQ(response.events(1).message_ended().message(), message.name());
  EXPECT_EQ(response.events(1).message_ended().state(), v1::Message::FINISHED);
}

}  // namespace
}  // namespace masthead::notifications
