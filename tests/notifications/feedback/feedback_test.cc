// What mail servers and mailbox providers tell, and what becomes of deliveries and addresses.
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "masthead/notifications/v1/feedback_service.grpc.pb.h"
#include "tests/notifications/feedback/reports.h"
#include "tests/notifications/support/newsroom.h"
#include "tests/support/status_matchers.h"

namespace masthead::notifications {
namespace {

using absl::StatusCode;
using ::masthead::testing::IsOk;
using ::masthead::testing::StatusIs;
using ::testing::ElementsAre;

class FeedbackTest : public QuietNewsroomTest {
 protected:
  FeedbackTest() : feedback_(v1::FeedbackService::NewStub(server_->Channel())) {}

  // A message that was sent to readers who follow breaking news.
  std::string Sent(const std::vector<std::string>& readers, const std::string& article = "talks") {
    for (const std::string& reader : readers) AddReader(reader, {"breaking"});
    articles_.Publish({.id = article, .breaking = true});
    const std::string name = MessageAbout(article).name();
    EXPECT_THAT(FanOutAll(), IsOk());
    EXPECT_THAT(SendAll(), IsOk());
    return name;
  }
  // The envelope sender of the last letter to the reader.
  std::string ReturnPathOf(const std::string& reader) { return LettersTo(reader).back().mail_from; }

  v1::IngestedFeedback Bounce(const std::string& return_path, const std::string& fields) {
    v1::IngestDsnRequest request;
    request.set_raw_message(Dsn("bounces@news.example", fields));
    request.set_return_path(return_path);
    v1::IngestedFeedback ingested;
    EXPECT_THAT(feedback_->IngestDsn(AsBackend().get(), request, &ingested), IsOk());
    return ingested;
  }
  v1::IngestedFeedback Complain(const std::string& fields, const std::string& quoted) {
    v1::IngestComplaintRequest request;
    request.set_raw_message(Complaint(fields, quoted));
    v1::IngestedFeedback ingested;
    EXPECT_THAT(feedback_->IngestComplaint(AsBackend().get(), request, &ingested), IsOk());
    return ingested;
  }
  std::string Suppressions() {
    return postgres_.QueryValue(
        "SELECT coalesce(string_agg(r.id || ' ' || s.reason || ' ' || s.scope, ', ' ORDER BY r.id), '') "
        "FROM suppressions s JOIN endpoints e USING (address_hash) JOIN recipients r ON r.number = e.recipient_number");
  }
  std::vector<std::string> EventTypes() {
    v1::ListEventsRequest request;
    request.set_max_batch_size(1000);
    v1::ListEventsResponse response;
    EXPECT_THAT(events_->ListEvents(AsBackend().get(), request, &response), IsOk());
    std::vector<std::string> types;
    for (const v1::Event& event : response.events()) {
      if (event.type().starts_with("delivery.")) types.push_back(event.type());
    }
    return types;
  }

  std::unique_ptr<v1::FeedbackService::Stub> feedback_;
};

TEST_F(FeedbackTest, AnAddressThatDoesNotExistIsSuppressedFromThenOn) {
  const std::string name = Sent({"gone", "here"});
  const v1::IngestedFeedback ingested =
      Bounce(ReturnPathOf("gone"), "Action: failed\nStatus: 5.1.1\nDiagnostic-Code: smtp; 550 5.1.1 no such user\n");
  EXPECT_EQ(ingested.outcome(), v1::IngestedFeedback::RECORDED);
  const v1::Delivery delivery = DeliveryTo(name, "gone");
  EXPECT_EQ(ingested.delivery(), delivery.name());
  EXPECT_EQ(delivery.state(), v1::Delivery::BOUNCED);
  EXPECT_EQ(delivery.reason(), v1::Delivery::HARD_BOUNCE);
  ASSERT_EQ(delivery.attempts_size(), 1);
  EXPECT_EQ(delivery.attempts(0).smtp_code(), 550);
  EXPECT_EQ(delivery.attempts(0).enhanced_code(), "5.1.1");
  EXPECT_EQ(Suppressions(), "gone HARD_BOUNCE NON_TRANSACTIONAL");
  EXPECT_EQ(GetMessage(name).counts().bounced(), 1);
  EXPECT_EQ(GetMessage(name).counts().sent(), 1);
  EXPECT_THAT(EventTypes(), ElementsAre("delivery.bounced"));
  EXPECT_THAT(Exclusions(Sent({}, "later")), ElementsAre("recipients/gone: SUPPRESSED"));
}

TEST_F(FeedbackTest, TheSameBounceAgainChangesNothing) {
  const std::string name = Sent({"gone"});
  const std::string fields = "Action: failed\nStatus: 5.1.1\n";
  Bounce(ReturnPathOf("gone"), fields);
  EXPECT_EQ(Bounce(ReturnPathOf("gone"), fields).outcome(), v1::IngestedFeedback::REPEATED);
  EXPECT_EQ(Bounce(ReturnPathOf("gone"), "Action: failed\nStatus: 4.4.7\n").outcome(), v1::IngestedFeedback::REPEATED);
  EXPECT_EQ(DeliveryTo(name, "gone").reason(), v1::Delivery::HARD_BOUNCE);
  EXPECT_EQ(GetMessage(name).counts().bounced(), 1);
  EXPECT_THAT(EventTypes(), ElementsAre("delivery.bounced"));
}

TEST_F(FeedbackTest, ADelayIsNoBounceAndAnOutOfOfficeReplyNoReport) {
  const std::string name = Sent({"busy"});
  EXPECT_EQ(Bounce(ReturnPathOf("busy"), "Action: delayed\nStatus: 4.4.1\n").outcome(),
            v1::IngestedFeedback::WITHOUT_EFFECT);
  v1::IngestDsnRequest request;
  request.set_raw_message(Crlf("Subject: Out of office\nAuto-Submitted: auto-replied\n\nStatus: 5.1.1\n"));
  request.set_return_path(ReturnPathOf("busy"));
  v1::IngestedFeedback ingested;
  EXPECT_THAT(feedback_->IngestDsn(AsBackend().get(), request, &ingested),
              StatusIs(StatusCode::kInvalidArgument, "FEEDBACK_UNREADABLE"));
  EXPECT_EQ(DeliveryTo(name, "busy").state(), v1::Delivery::SENT);
}

TEST_F(FeedbackTest, WhoeverMadeUpAReturnPathIsNotBelieved) {
  const std::string name = Sent({"here"});
  std::string forged = ReturnPathOf("here");
  char& last = forged[forged.find('@') - 1];
  last = last == 'a' ? 'b' : 'a';
  EXPECT_EQ(Bounce(forged, "Action: failed\nStatus: 5.1.1\n").outcome(), v1::IngestedFeedback::UNATTRIBUTED);
  EXPECT_EQ(Bounce("", "Action: failed\nStatus: 5.1.1\nOriginal-Recipient: rfc822; here@readers.example\n").outcome(),
            v1::IngestedFeedback::UNATTRIBUTED)
      << "an address in the text is nobody's word";
  EXPECT_EQ(Suppressions(), "");
  EXPECT_EQ(DeliveryTo(name, "here").state(), v1::Delivery::SENT);
}

TEST_F(FeedbackTest, AnAddressThatIsUnableFiveTimesInARowIsLeftAloneForAWhile) {
  AddReader("full", {"breaking"});
  for (int i = 1; i <= 5; ++i) {
    EXPECT_EQ(Suppressions(), "") << i;
    const std::string name = Sent({}, absl::StrCat("story-", i));
    Bounce(ReturnPathOf("full"), "Action: failed\nStatus: 5.2.2\n");
    EXPECT_EQ(Bounce(ReturnPathOf("full"), "Action: failed\nStatus: 5.2.2\n").outcome(),
              v1::IngestedFeedback::REPEATED);
    EXPECT_EQ(DeliveryTo(name, "full").reason(), v1::Delivery::SOFT_BOUNCE);
  }
  EXPECT_EQ(Suppressions(), "full SOFT_BOUNCES NON_TRANSACTIONAL");
  postgres_.MoveClock(absl::Hours(31 * 24));
  const Cancellation never;
  EXPECT_THAT(notifications_->choices_expiry().Step(never), IsOk());
  EXPECT_EQ(Suppressions(), "");
  EXPECT_EQ(postgres_.QueryValue("SELECT suppressed FROM endpoints"), "f");
}

TEST_F(FeedbackTest, ARefusalInTheDialogueCountsLikeABounce) {
  sink_.RefuseRecipient("full@readers.example", "552 5.2.2 mailbox full\r\n");
  AddReader("full", {"breaking"});
  for (int i = 1; i <= 5; ++i) Sent({}, absl::StrCat("story-", i));
  EXPECT_EQ(Suppressions(), "full SOFT_BOUNCES NON_TRANSACTIONAL");
}

TEST_F(FeedbackTest, ADeliveryThatArrivedEndsARowOfSoftBounces) {
  AddReader("full", {"breaking"});
  for (int i = 1; i <= 9; ++i) {
    const std::string name = Sent({}, absl::StrCat("story-", i));
    Bounce(ReturnPathOf("full"), i % 4 == 0 ? "Action: delivered\nStatus: 2.0.0\n" : "Action: failed\nStatus: 5.2.2\n");
  }
  EXPECT_EQ(Suppressions(), "");
}

TEST_F(FeedbackTest, AComplaintStopsAllButReceipts) {
  const std::string name = Sent({"angry", "here"});
  const v1::IngestedFeedback ingested =
      Complain(absl::StrCat("Feedback-Type: abuse\nOriginal-Mail-From: <", ReturnPathOf("angry"), ">\n"), "");
  EXPECT_EQ(ingested.outcome(), v1::IngestedFeedback::RECORDED);
  EXPECT_EQ(DeliveryTo(name, "angry").state(), v1::Delivery::COMPLAINED);
  EXPECT_EQ(DeliveryTo(name, "angry").reason(), v1::Delivery::COMPLAINT);
  EXPECT_EQ(Suppressions(), "angry COMPLAINT NON_TRANSACTIONAL");
  EXPECT_EQ(GetMessage(name).counts().complained(), 1);
  EXPECT_THAT(EventTypes(), ElementsAre("delivery.complained"));
}

TEST_F(FeedbackTest, AComplaintWithoutTheEnvelopeIsKnownByItsUnsubscribeLink) {
  const std::string name = Sent({"angry", "here"});
  const std::string quoted =
      absl::StrCat("List-Unsubscribe: <https://news.example/u/", UnsubscribeToken("angry", "breaking"),
                   ">\nFeedback-ID: ", name.substr(name.find('/') + 1), ":breaking:alert:news.example\n");
  EXPECT_EQ(Complain("Feedback-Type: abuse\n", quoted).outcome(), v1::IngestedFeedback::RECORDED);
  EXPECT_EQ(DeliveryTo(name, "angry").state(), v1::Delivery::COMPLAINED);
  EXPECT_EQ(DeliveryTo(name, "here").state(), v1::Delivery::SENT);
  EXPECT_EQ(Complain("Feedback-Type: not-spam\n", quoted).outcome(), v1::IngestedFeedback::WITHOUT_EFFECT);
}

TEST_F(FeedbackTest, AProvidersEventTakesEffectOnce) {
  const std::string name = Sent({"a"});
  v1::IngestProviderEventRequest request;
  request.set_provider("post-office");
  request.set_event_id("evt-1");
  request.mutable_event()->set_kind(v1::ProviderEvent::DELIVERED);
  request.mutable_event()->set_return_path(ReturnPathOf("a"));
  v1::IngestedFeedback ingested;
  ASSERT_THAT(feedback_->IngestProviderEvent(AsBackend().get(), request, &ingested), IsOk());
  EXPECT_EQ(ingested.outcome(), v1::IngestedFeedback::RECORDED);
  EXPECT_EQ(GetMessage(name).counts().delivered(), 1);
  EXPECT_EQ(GetMessage(name).counts().sent(), 0);

  request.set_event_id("evt-2");
  request.mutable_event()->set_kind(v1::ProviderEvent::BOUNCED);
  request.mutable_event()->set_enhanced_code("5.1.1");
  ASSERT_THAT(feedback_->IngestProviderEvent(AsBackend().get(), request, &ingested), IsOk());
  EXPECT_EQ(DeliveryTo(name, "a").state(), v1::Delivery::BOUNCED);
  ASSERT_THAT(feedback_->IngestProviderEvent(AsBackend().get(), request, &ingested), IsOk());
  EXPECT_EQ(ingested.outcome(), v1::IngestedFeedback::REPEATED);
  EXPECT_EQ(postgres_.QueryValue("SELECT count(*) FROM provider_events"), "2");
  EXPECT_EQ(GetMessage(name).counts().bounced(), 1);
}

TEST_F(FeedbackTest, WhatAProviderSaysIsChecked) {
  v1::IngestProviderEventRequest request;
  request.set_provider("Post Office");
  request.mutable_event()->set_enhanced_code("5.1");
  v1::IngestedFeedback ingested;
  EXPECT_THAT(feedback_->IngestProviderEvent(AsBackend().get(), request, &ingested),
              StatusIs(StatusCode::kInvalidArgument, "INVALID_FIELD"));
  request.set_provider("post-office");
  request.set_event_id("evt-1");
  request.mutable_event()->set_kind(v1::ProviderEvent::BOUNCED);
  request.mutable_event()->set_enhanced_code("5.1.1");
  request.mutable_event()->set_delivery("messages/nothing/deliveries/d1");
  EXPECT_THAT(feedback_->IngestProviderEvent(AsBackend().get(), request, &ingested),
              StatusIs(StatusCode::kNotFound, "DELIVERY_NOT_FOUND"));
}

TEST_F(FeedbackTest, AnAddressIsNotBlamedForTheOneBeforeIt) {
  Sent({"moved"});
  postgres_.MoveClock(absl::Minutes(1));
  postgres_.QueryValue("UPDATE endpoints SET mailbox = 'new@readers.example', address_hash = 'new' RETURNING 1");
  Bounce(ReturnPathOf("moved"), "Action: failed\nStatus: 5.1.1\n");
  EXPECT_EQ(postgres_.QueryValue("SELECT count(*) FROM suppressions"), "0");
}

TEST_F(FeedbackTest, ABounceMayOvertakeTheSendersOwnRecord) {
  const std::string name = Sent({"gone"});
  postgres_.QueryValue("UPDATE deliveries SET state = 'UNCERTAIN' RETURNING 1");
  postgres_.QueryValue("UPDATE counters SET sent = 0, uncertain = 1 RETURNING 1");
  Bounce(ReturnPathOf("gone"), "Action: failed\nStatus: 5.1.1\n");
  EXPECT_EQ(GetMessage(name).counts().uncertain(), 0);
  EXPECT_EQ(GetMessage(name).counts().bounced(), 1);
}

TEST_F(FeedbackTest, ReadersMayNotReport) {
  v1::IngestDsnRequest request;
  v1::IngestedFeedback ingested;
  EXPECT_THAT(feedback_->IngestDsn(AsMember("olha").get(), request, &ingested),
              StatusIs(StatusCode::kPermissionDenied));
  EXPECT_THAT(feedback_->IngestDsn(AsBackend().get(), request, &ingested),
              StatusIs(StatusCode::kInvalidArgument, "INVALID_FIELD"));
}

}  // namespace
}  // namespace masthead::notifications
