// Digests: what is told together to those who want it so.
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "tests/notifications/support/newsroom.h"
#include "tests/support/status_matchers.h"

namespace masthead::notifications {
namespace {

using ::masthead::testing::IsOk;
using ::masthead::testing::StatusIs;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

class DigestsTest : public QuietNewsroomTest {
 protected:
  void Choose(const std::string& reader, const std::string& topic, v1::Subscription::CadenceKind kind) {
    v1::UpdateSubscriptionRequest request;
    request.mutable_subscription()->set_name(absl::StrCat("recipients/", reader, "/subscriptions/", topic));
    request.mutable_subscription()->set_etag("*");
    request.mutable_subscription()->mutable_cadence()->set_kind(kind);
    request.mutable_update_mask()->add_paths("cadence");
    v1::Subscription subscription;
    ASSERT_THAT(subscriptions_->UpdateSubscription(AsBackend().get(), request, &subscription), IsOk());
  }

  // An article goes out, and so does its alert.
  std::string Publish(const std::string& id, const std::string& section = "war") {
    articles_.Publish({.id = id, .headline = absl::StrCat("Story ", id), .section = section});
    const std::string name = MessageAbout(id).name();
    EXPECT_THAT(FanOutAll(), IsOk());
    EXPECT_THAT(SendAll(), IsOk());
    return name;
  }

  // What the clock makes after so long, sent.
  void RunAfter(absl::Duration by) {
    postgres_.MoveClock(by);
    for (bool more = true; more;) {
      const absl::StatusOr<bool> step = notifications_->digests().Step(Cancellation());
      ASSERT_THAT(step.status(), IsOk());
      more = *step;
    }
    ASSERT_THAT(FanOutAll(), IsOk());
    ASSERT_THAT(SendAll(), IsOk());
  }
};

TEST_F(DigestsTest, HoldTheStoriesOfEachReadersOwnTopics) {
  AddReader("olha", {"section-war", "section-culture"});
  AddReader("mark", {"section-culture"});
  AddReader("dora", {"section-war"});
  for (const char* topic : {"section-war", "section-culture"}) Choose("olha", topic, v1::Subscription::HOURLY);
  Choose("mark", "section-culture", v1::Subscription::HOURLY);
  const std::string alert = Publish("talks");
  Publish("opera", "culture");
  EXPECT_THAT(Exclusions(alert), ElementsAre("recipients/olha: DIGESTED"));
  EXPECT_THAT(LettersTo("dora"), SizeIs(1)) << "told at once, as she wants it";
  EXPECT_THAT(LettersTo("olha"), IsEmpty());

  RunAfter(absl::Minutes(61));
  ASSERT_THAT(LettersTo("olha"), SizeIs(1));
  EXPECT_THAT(LettersTo("olha")[0].bytes,
              AllOf(HasSubstr("\r\nSubject: News of your topics\r\n"), HasSubstr("Story talks"),
                    HasSubstr("Story opera"), HasSubstr("List-Unsubscribe-Post")));
  ASSERT_THAT(LettersTo("mark"), SizeIs(1));
  EXPECT_THAT(LettersTo("mark")[0].bytes, AllOf(HasSubstr("Story opera"), Not(HasSubstr("Story talks"))));
  EXPECT_THAT(LettersTo("dora"), SizeIs(1));

  v1::ListMessagesResponse messages;
  ASSERT_THAT(messages_->ListMessages(AsBackend().get(), v1::ListMessagesRequest(), &messages), IsOk());
  ASSERT_TRUE(messages.messages(0).has_digest());
  EXPECT_EQ(messages.messages(0).lane(), v1::Message::DIGEST);
  EXPECT_EQ(messages.messages(0).counts().sent(), 2);
  EXPECT_EQ(messages.messages(0).state(), v1::Message::FINISHED);

  RunAfter(absl::Hours(2));
  EXPECT_THAT(LettersTo("olha"), SizeIs(1)) << "an empty digest is not sent";
}

TEST_F(DigestsTest, ComeAtTheReadersOwnTimeOnceForAllStories) {
  AddReader("olha", {"section-war"});
  Choose("olha", "section-war", v1::Subscription::DAILY);
  Publish("one");
  Publish("two");
  RunAfter(absl::Hours(24) + absl::Minutes(1));
  ASSERT_THAT(LettersTo("olha"), SizeIs(1));
  EXPECT_THAT(LettersTo("olha")[0].bytes, AllOf(HasSubstr("Story one"), HasSubstr("Story two")));
}

TEST_F(DigestsTest, LeaveOutWhatWasRetractedAndWhoHasLeft) {
  AddReader("olha", {"section-war"});
  AddReader("mark", {"section-war"});
  for (const char* reader : {"olha", "mark"}) Choose(reader, "section-war", v1::Subscription::HOURLY);
  Publish("talks");
  Publish("bridge");
  articles_.Retract("bridge");
  Until("the retraction is known", [&] { return postgres_.QueryValue("SELECT count(*) FROM digest_entries") == "2"; });
  memberships_.Consent("mark", "section-war", false);
  UntilSubscribed("mark", "section-war", "UNSUBSCRIBED");
  RunAfter(absl::Minutes(61));
  ASSERT_THAT(LettersTo("olha"), SizeIs(1));
  EXPECT_THAT(LettersTo("olha")[0].bytes, AllOf(HasSubstr("Story talks"), Not(HasSubstr("Story bridge"))));
  EXPECT_THAT(LettersTo("mark"), IsEmpty());
}

TEST_F(DigestsTest, CountAsToldWhenAStoryIsCorrected) {
  AddReader("olha", {"section-war"});
  AddReader("mark", {"section-war", "section-culture"});
  AddReader("late", {"section-war"});
  Choose("olha", "section-war", v1::Subscription::HOURLY);
  for (const char* topic : {"section-war", "section-culture"}) Choose("mark", topic, v1::Subscription::HOURLY);
  Choose("late", "section-war", v1::Subscription::WEEKLY);
  Publish("opera", "culture");
  RunAfter(absl::Minutes(61));  // Mark's first.
  Publish("talks");
  RunAfter(absl::Minutes(61));
  ASSERT_THAT(LettersTo("olha"), SizeIs(1));
  ASSERT_THAT(LettersTo("mark"), SizeIs(2));
  articles_.Correct("opera", "c1", "It was another evening.");
  Until("there is a notice",
        [&] { return postgres_.QueryValue("SELECT count(*) FROM messages WHERE source = 'NOTICE'") == "1"; });
  RunAfter(absl::Minutes(3));
  ASSERT_THAT(LettersTo("mark"), SizeIs(3)) << "told of the opera by a digest";
  EXPECT_THAT(LettersTo("mark")[2].bytes, HasSubstr("It was another evening."));
  EXPECT_THAT(LettersTo("olha"), SizeIs(1)) << "her digest did not hold it";
  EXPECT_THAT(LettersTo("late"), IsEmpty());
}

TEST_F(DigestsTest, NeedALetter) {
  AddReader("olha", {"section-war"});
  v1::UpdateSubscriptionRequest request;
  request.mutable_subscription()->set_name("recipients/olha/subscriptions/section-war");
  request.mutable_subscription()->set_etag("*");
  request.mutable_subscription()->mutable_cadence()->set_kind(v1::Subscription::DAILY);
  request.mutable_subscription()->add_channels(v1::INBOX);
  request.mutable_update_mask()->add_paths("cadence");
  request.mutable_update_mask()->add_paths("channels");
  v1::Subscription subscription;
  EXPECT_THAT(subscriptions_->UpdateSubscription(AsBackend().get(), request, &subscription),
              StatusIs(absl::StatusCode::kInvalidArgument, "INVALID_FIELD"));
}

}  // namespace
}  // namespace masthead::notifications
