// Messages that are held and let go on, and deliveries that failed and are tried again.
#include "gmock/gmock.h"
#include "tests/notifications/support/newsroom.h"
#include "tests/support/status_matchers.h"

namespace masthead::notifications {
namespace {

using ::masthead::testing::IsOk;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class PausingTest : public QuietNewsroomTest {
 protected:
  PausingTest() : QuietNewsroomTest([](NotificationsOptions& options) { options.sender.window = 2; }) {}

  std::string Tell(const std::vector<std::string>& readers) {
    for (const std::string& reader : readers) AddReader(reader, {"breaking"});
    articles_.Publish({.id = "talks", .breaking = true});
    const std::string name = MessageAbout("talks").name();
    EXPECT_THAT(FanOutAll(), IsOk());
    return name;
  }

  v1::Message Pause(const std::string& name) {
    v1::PauseMessageRequest request;
    request.set_name(name);
    request.set_cause("the headline is wrong");
    v1::Message message;
    EXPECT_THAT(messages_->PauseMessage(AsEditor().get(), request, &message), IsOk());
    return message;
  }

  v1::Message Resume(const std::string& name) {
    v1::ResumeMessageRequest request;
    request.set_name(name);
    v1::Message message;
    EXPECT_THAT(messages_->ResumeMessage(AsEditor().get(), request, &message), IsOk());
    return message;
  }
};

TEST_F(PausingTest, SendsNothingWhileItIsHeldAndEverythingOnceAfterwards) {
  const std::string name = Tell({"a", "b", "c", "d", "e"});
  const v1::Message held = Pause(name);
  EXPECT_EQ(held.state(), v1::Message::PAUSED);
  EXPECT_EQ(held.failure(), "the headline is wrong");
  ASSERT_THAT(SendAll(), IsOk());
  EXPECT_THAT(sink_.messages(), IsEmpty());

  EXPECT_EQ(Resume(name).state(), v1::Message::SENDING);
  ASSERT_THAT(SendAll(), IsOk());
  EXPECT_EQ(GetMessage(name).state(), v1::Message::FINISHED);
  for (const char* reader : {"a", "b", "c", "d", "e"}) EXPECT_THAT(LettersTo(reader), SizeIs(1)) << reader;
}

TEST_F(PausingTest, TurnsAnAudienceIntoDeliveriesThatWait) {
  AddReader("a", {"breaking"});
  articles_.Publish({.id = "talks", .breaking = true});
  const std::string name = MessageAbout("talks").name();
  Pause(name);
  ASSERT_THAT(FanOutAll(), IsOk());
  ASSERT_THAT(SendAll(), IsOk());
  EXPECT_EQ(GetMessage(name).state(), v1::Message::PAUSED);
  EXPECT_EQ(GetMessage(name).counts().deliveries(), 1);
  EXPECT_THAT(sink_.messages(), IsEmpty());
  Resume(name);
  ASSERT_THAT(SendAll(), IsOk());
  EXPECT_EQ(GetMessage(name).state(), v1::Message::FINISHED);
}

TEST_F(PausingTest, MayBeCancelledWhileItIsHeld) {
  const std::string name = Tell({"a", "b"});
  Pause(name);
  v1::CancelMessageRequest request;
  request.set_name(name);
  v1::Message message;
  ASSERT_THAT(messages_->CancelMessage(AsEditor().get(), request, &message), IsOk());
  ASSERT_THAT(SendAll(), IsOk());
  EXPECT_EQ(GetMessage(name).counts().cancelled(), 2);
  EXPECT_THAT(sink_.messages(), IsEmpty());
}

TEST_F(PausingTest, TriesFailuresAgainButNotThoseToSuppressedAddresses) {
  sink_.RefuseRecipient("gone@readers.example", "550 5.1.1 no such user\r\n");
  sink_.RefuseRecipient("strict@readers.example", "550 5.7.1 not from you\r\n");
  const std::string name = Tell({"gone", "strict", "here"});
  ASSERT_THAT(SendAll(), IsOk());
  v1::ListDeadLettersResponse letters;
  ASSERT_THAT(deliveries_->ListDeadLetters(AsSupport().get(), {}, &letters), IsOk());
  EXPECT_THAT(letters.deliveries(), SizeIs(2));

  sink_.RefuseRecipient("gone@readers.example", "");
  sink_.RefuseRecipient("strict@readers.example", "");
  v1::RetryFailedDeliveriesRequest request;
  request.set_name(name);
  v1::RetryFailedDeliveriesResponse response;
  ASSERT_THAT(deliveries_->RetryFailedDeliveries(AsEditor().get(), request, &response), IsOk());
  EXPECT_EQ(response.retried_count(), 1);
  EXPECT_EQ(GetMessage(name).state(), v1::Message::SENDING);
  ASSERT_THAT(SendAll(), IsOk());
  EXPECT_EQ(GetMessage(name).state(), v1::Message::FINISHED);
  EXPECT_EQ(DeliveryTo(name, "strict").state(), v1::Delivery::SENT);
  EXPECT_EQ(DeliveryTo(name, "gone").state(), v1::Delivery::FAILED);
  EXPECT_EQ(GetMessage(name).counts().failed(), 1);
  EXPECT_EQ(GetMessage(name).counts().sent(), 2);
  EXPECT_THAT(LettersTo("here"), SizeIs(1));
}

}  // namespace
}  // namespace masthead::notifications
