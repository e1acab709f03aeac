// What mail servers say, and what becomes of deliveries.
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "tests/notifications/support/newsroom.h"
#include "tests/support/status_matchers.h"

namespace masthead::notifications {
namespace {

using mail::SmtpSink;
using ::masthead::testing::IsOk;
using ::masthead::testing::StatusIs;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class SendingTest : public QuietNewsroomTest {
 protected:
  explicit SendingTest(const std::function<void(NotificationsOptions&)>& adjust = nullptr)
      : QuietNewsroomTest(adjust) {}

  // A message about an article, fanned out to readers who follow breaking news.
  std::string Told(const std::vector<std::string>& readers, const std::string& article = "talks") {
    for (const std::string& reader : readers) AddReader(reader, {"breaking"});
    articles_.Publish({.id = article, .breaking = true});
    const std::string name = MessageAbout(article).name();
    EXPECT_THAT(FanOutAll(), IsOk());
    return name;
  }
};

class FewConnectionsTest : public SendingTest {
 protected:
  FewConnectionsTest() : SendingTest([](NotificationsOptions& options) { options.route.smtp.max_connections = 2; }) {}
};

TEST_F(FewConnectionsTest, CarryLetterAfterLetterAndMessageAfterMessage) {
  const std::string name = Told({"a", "b", "c", "d", "e", "f"});
  ASSERT_THAT(SendAll(), IsOk());
  EXPECT_EQ(GetMessage(name).state(), v1::Message::FINISHED);
  Told({"g"}, "later");
  ASSERT_THAT(SendAll(), IsOk());
  EXPECT_LE(sink_.connections(), 2);
  EXPECT_THAT(sink_.messages(), SizeIs(13));
}

class SlowRouteTest : public SendingTest {
 protected:
  SlowRouteTest() : SendingTest([](NotificationsOptions& options) { options.route.rate_per_minute = 1; }) {}
};

TEST_F(SlowRouteTest, MakesDeliveriesWaitWithoutCountingAnAttempt) {
  const std::string name = Told({"a", "b"});
  ASSERT_THAT(SendAll(), IsOk());
  EXPECT_THAT(sink_.messages(), IsEmpty());
  const v1::Delivery delivery = DeliveryTo(name, "a");
  EXPECT_EQ(delivery.state(), v1::Delivery::DEFERRED);
  EXPECT_EQ(delivery.reason(), v1::Delivery::RATE);
  EXPECT_TRUE(delivery.has_retry_time());
  EXPECT_EQ(delivery.attempts_size(), 0);
}

TEST_F(SendingTest, GivesEveryDeliveryAReturnPathThatLeadsBackToIt) {
  Told({"here"});
  ASSERT_THAT(SendAll(), IsOk());
  ASSERT_THAT(sink_.messages(), SizeIs(1));
  EXPECT_THAT(notifications_->return_paths().OpenReturnPath(sink_.messages().front().mail_from), IsOk());
}

TEST_F(SendingTest, SuppressesAnAddressThatDoesNotExistFromThenOn) {
  sink_.RefuseRecipient("gone@readers.example", "550 5.1.1 no such user\r\n");
  const std::string name = Told({"gone", "here"});
  ASSERT_THAT(SendAll(), IsOk());
  const v1::Delivery delivery = DeliveryTo(name, "gone");
  EXPECT_EQ(delivery.state(), v1::Delivery::FAILED);
  EXPECT_EQ(delivery.reason(), v1::Delivery::HARD_BOUNCE);
  ASSERT_EQ(delivery.attempts_size(), 1);
  EXPECT_EQ(delivery.attempts(0).smtp_code(), 550);
  EXPECT_EQ(delivery.attempts(0).enhanced_code(), "5.1.1");
  EXPECT_EQ(DeliveryTo(name, "here").state(), v1::Delivery::SENT);
  EXPECT_EQ(GetMessage(name).counts().failed(), 1);

  const std::string later = Told({}, "later");
  EXPECT_THAT(Exclusions(later), ::testing::ElementsAre("recipients/gone: SUPPRESSED"));
}

TEST_F(SendingTest, DoesNotBlameTheAddressForThePolicyOfItsServer) {
  sink_.RefuseRecipient("strict@readers.example", "550 5.7.1 not from you\r\n");
  const std::string name = Told({"strict"});
  ASSERT_THAT(SendAll(), IsOk());
  EXPECT_EQ(DeliveryTo(name, "strict").reason(), v1::Delivery::POLICY);
  EXPECT_THAT(Exclusions(Told({}, "later")), IsEmpty());
}

TEST_F(SendingTest, TriesADeferredDeliveryAgainWhenItsTimeHasCome) {
  sink_.RefuseRecipient("busy@readers.example", "450 4.2.0 greylisted\r\n");
  const std::string name = Told({"busy", "here"});
  ASSERT_THAT(SendAll(), IsOk());
  v1::Delivery delivery = DeliveryTo(name, "busy");
  EXPECT_EQ(delivery.state(), v1::Delivery::DEFERRED);
  EXPECT_TRUE(delivery.has_retry_time());
  EXPECT_EQ(GetMessage(name).counts().pending(), 1);
  EXPECT_EQ(GetMessage(name).state(), v1::Message::SENDING);

  sink_.RefuseRecipient("busy@readers.example", "");
  ASSERT_THAT(SendAll(), IsOk());
  EXPECT_EQ(DeliveryTo(name, "busy").state(), v1::Delivery::DEFERRED) << "not before its time";
  postgres_.MoveClock(absl::Minutes(2));
  ASSERT_THAT(SendAll(), IsOk());
  delivery = DeliveryTo(name, "busy");
  EXPECT_EQ(delivery.state(), v1::Delivery::SENT);
  EXPECT_EQ(delivery.attempt_count(), 2);
  EXPECT_EQ(GetMessage(name).state(), v1::Message::FINISHED);
  EXPECT_THAT(LettersTo("here"), SizeIs(1));
}

TEST_F(SendingTest, GivesUpWhatWasNotSentInTime) {
  sink_.RefuseRecipient("busy@readers.example", "450 4.2.0 greylisted\r\n");
  const std::string name = Told({"busy"});
  ASSERT_THAT(SendAll(), IsOk());
  postgres_.MoveClock(absl::Hours(5));
  ASSERT_THAT(SendAll(), IsOk());
  const v1::Delivery delivery = DeliveryTo(name, "busy");
  EXPECT_EQ(delivery.state(), v1::Delivery::EXPIRED);
  EXPECT_EQ(delivery.reason(), v1::Delivery::MESSAGE_EXPIRED);
  EXPECT_EQ(GetMessage(name).counts().expired(), 1);
  EXPECT_EQ(GetMessage(name).state(), v1::Message::FINISHED);
}

TEST_F(SendingTest, WaitsForAMailServerThatIsAwayAndLosesNothing) {
  sink_.Set(SmtpSink::At::kBanner, {.act = SmtpSink::Act::kReplyDrop, .text = "421 4.3.2 shutting down\r\n"});
  const std::string name = Told({"a", "b", "c"});
  ASSERT_THAT(SendStep(), IsOk());
  EXPECT_EQ(GetMessage(name).counts().pending(), 3);
  EXPECT_EQ(DeliveryTo(name, "a").state(), v1::Delivery::PENDING);
  EXPECT_EQ(DeliveryTo(name, "a").attempt_count(), 0) << "an attempt that never began is none";

  sink_.Clear();
  postgres_.MoveClock(absl::Seconds(5));
  ASSERT_THAT(SendAll(), IsOk());
  EXPECT_EQ(GetMessage(name).counts().sent(), 3);
  EXPECT_THAT(sink_.messages(), SizeIs(3));
}

TEST_F(SendingTest, SendsAgainWhatWasSurelyNotHandedOver) {
  // Closed in the middle of a letter: not a byte of the terminator was sent, or the server said so.
  sink_.Set(SmtpSink::At::kData, {.act = SmtpSink::Act::kDrop, .times = 1});
  const std::string name = Told({"a"});
  for (int i = 0; i < 3; ++i) {
    ASSERT_THAT(SendAll(), IsOk());
    postgres_.MoveClock(absl::Minutes(2));
  }
  EXPECT_EQ(DeliveryTo(name, "a").state(), v1::Delivery::SENT);
  EXPECT_THAT(LettersTo("a"), SizeIs(1));
}

TEST_F(SendingTest, DoesNotTellWhoLeftBeforeTheIntent) {
  const std::string name = Told({"leaves", "stays"});
  v1::UnsubscribeRequest request;
  request.set_token(UnsubscribeToken("leaves", "breaking"));
  v1::UnsubscribeResponse response;
  ASSERT_THAT(subscriptions_->Unsubscribe(Anonymous().get(), request, &response), IsOk());
  ASSERT_THAT(SendAll(), IsOk());
  const v1::Delivery delivery = DeliveryTo(name, "leaves");
  EXPECT_EQ(delivery.state(), v1::Delivery::CANCELLED);
  EXPECT_EQ(delivery.reason(), v1::Delivery::UNSUBSCRIBED);
  EXPECT_THAT(LettersTo("leaves"), IsEmpty());
  EXPECT_THAT(LettersTo("stays"), SizeIs(1));
}

TEST_F(SendingTest, DoesNotTellWhoIsErasedButKeepsTheRecord) {
  const std::string name = Told({"erased"});
  memberships_.Remove("erased");
  UntilRecipientsAre(0);
  ASSERT_THAT(SendAll(), IsOk());
  EXPECT_EQ(DeliveryTo(name, "erased").state(), v1::Delivery::CANCELLED);
  EXPECT_THAT(sink_.messages(), IsEmpty());
  EXPECT_EQ(postgres_.QueryValue("SELECT count(*) FROM endpoints"), "0");
}

TEST_F(SendingTest, CancelsWhatIsPendingAndTheCountsStillSum) {
  const std::string name = Told({"a", "b", "c"});
  v1::CancelMessageRequest request;
  request.set_name(name);
  v1::Message message;
  ASSERT_THAT(messages_->CancelMessage(AsEditor().get(), request, &message), IsOk());
  EXPECT_EQ(message.state(), v1::Message::CANCELLED);
  ASSERT_THAT(SendAll(), IsOk());
  message = UntilEnded(name);
  EXPECT_EQ(message.counts().cancelled(), 3);
  EXPECT_EQ(message.counts().pending(), 0);
  EXPECT_THAT(sink_.messages(), IsEmpty());
  EXPECT_EQ(DeliveryTo(name, "a").reason(), v1::Delivery::MESSAGE_CANCELLED);
  EXPECT_THAT(messages_->CancelMessage(AsEditor().get(), request, &message), IsOk()) << "and once more";
}

TEST_F(SendingTest, DoesNotCancelWhatIsFinished) {
  const std::string name = Told({"a"});
  ASSERT_THAT(SendAll(), IsOk());
  v1::CancelMessageRequest request;
  request.set_name(name);
  v1::Message message;
  EXPECT_THAT(messages_->CancelMessage(AsEditor().get(), request, &message),
              StatusIs(absl::StatusCode::kFailedPrecondition, "MESSAGE_ALREADY_ENDED"));
}

TEST_F(SendingTest, KeepsTheTemplateThatTheMessageWasMadeWith) {
  const std::string name = Told({"a"});
  postgres_.Execute(R"sql(
      INSERT INTO template_revisions VALUES ('alert', 2);
      INSERT INTO template_texts VALUES ('alert', 2, 'en', 'Something else', 'x', 'x'))sql");
  ASSERT_THAT(SendAll(), IsOk());
  EXPECT_THAT(LettersTo("a").at(0).bytes, ::testing::HasSubstr("Subject: Ceasefire talks resume"));
}

TEST_F(SendingTest, FailsWhatItsTemplateCannotSay) {
  const std::string name = Told({"a"});
  postgres_.Execute("UPDATE template_texts SET text = text || '{{weather}}'");
  ASSERT_THAT(SendAll(), IsOk());
  EXPECT_EQ(DeliveryTo(name, "a").reason(), v1::Delivery::TEMPLATE_VARIABLE_MISSING);
  EXPECT_EQ(GetMessage(name).state(), v1::Message::FINISHED);
}

TEST_F(SendingTest, AsksForARoleToSeeDeliveries) {
  const std::string name = Told({"a"});
  v1::ListDeliveriesRequest request;
  request.set_parent(name);
  v1::ListDeliveriesResponse response;
  EXPECT_THAT(deliveries_->ListDeliveries(Anonymous().get(), request, &response),
              StatusIs(absl::StatusCode::kUnauthenticated));
  EXPECT_THAT(deliveries_->ListDeliveries(AsMember("a").get(), request, &response),
              StatusIs(absl::StatusCode::kPermissionDenied));
  EXPECT_THAT(deliveries_->ListDeliveries(AsSupport().get(), request, &response), IsOk());
}

}  // namespace
}  // namespace masthead::notifications
