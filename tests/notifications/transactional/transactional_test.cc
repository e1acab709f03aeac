// Letters that somebody waits for: they go first, alone and once, and leave nothing behind.
#include "absl/strings/str_cat.h"
#include "common/ids/uuid.h"
#include "common/rpc/channel.h"
#include "gmock/gmock.h"
#include "masthead/notifications/v1/transactional_service.grpc.pb.h"
#include "services/notifications/transactional/readable_values.h"
#include "tests/notifications/support/newsroom.h"
#include "tests/support/status_matchers.h"

namespace masthead::notifications {
namespace {

using mail::SmtpSink;
using ::masthead::testing::IsOk;
using ::masthead::testing::StatusIs;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

v1::SendTransactionalRequest Link(const std::string& address) {
  v1::SendTransactionalRequest request;
  request.set_template_("templates/sign-in");
  request.set_address(address);
  request.set_locale("en");
  (*request.mutable_values())["link"] = "https://news.example/sign-in?token=verysecret";
  (*request.mutable_values())["code"] = "123456";
  request.mutable_expire_time()->set_seconds(absl::ToUnixSeconds(absl::Now() + absl::Minutes(30)));
  request.set_request_id(ids::NewUuid());
  return request;
}

absl::StatusOr<v1::Message> Send(::masthead::testing::TestServer& server, const v1::SendTransactionalRequest& request) {
  v1::TransactionalService::Stub stub(server.ChannelAs("memberships"));
  const auto context = std::make_unique<grpc::ClientContext>();
  v1::Message message;
  const grpc::Status status = stub.SendTransactional(context.get(), request, &message);
  if (!status.ok()) return rpc::FromGrpcStatus(status);
  return message;
}

class TransactionalTest : public QuietNewsroomTest {
 protected:
  absl::StatusOr<v1::Message> Send(const v1::SendTransactionalRequest& request) {
    return notifications::Send(*server_, request);
  }
  std::string Letters() { return postgres_.QueryValue("SELECT count(*) FROM transactional_letters"); }
};

class BusyNewsroomTest : public NewsroomTest {
 protected:
  BusyNewsroomTest() : NewsroomTest([](NotificationsOptions& options) { options.senders = 1; }) {}
};

TEST_F(TransactionalTest, ALinkGoesToAnAddressThatIsNobodysYetAndIsForgotten) {
  const auto message = Send(Link("Olha@readers.example"));
  ASSERT_THAT(message, IsOk());
  EXPECT_EQ(message->lane(), v1::Message::CRITICAL);
  EXPECT_EQ(Letters(), "1");
  EXPECT_EQ(
      postgres_.QueryValue(
          "SELECT count(*) FROM transactional_letters l WHERE l::text LIKE '%readers%' OR l::text LIKE '%secret%'"),
      "0");

  ASSERT_THAT(SendAll(), IsOk());

  ASSERT_THAT(sink_.messages(), SizeIs(1));
  const SmtpSink::Message letter = sink_.messages()[0];
  EXPECT_EQ(letter.rcpt_to, "Olha@readers.example");
  EXPECT_THAT(letter.bytes, HasSubstr("123456"));
  EXPECT_THAT(letter.bytes, HasSubstr("Auto-Submitted: auto-generated"));
  EXPECT_THAT(letter.bytes, Not(HasSubstr("List-Unsubscribe")));
  EXPECT_THAT(letter.bytes, Not(HasSubstr("List-Id")));
  EXPECT_EQ(GetMessage(message->name()).state(), v1::Message::FINISHED);
  EXPECT_EQ(Letters(), "0");
  const std::vector<v1::Delivery> deliveries = Deliveries(message->name());
  ASSERT_THAT(deliveries, SizeIs(1));
  EXPECT_EQ(deliveries[0].state(), v1::Delivery::SENT);
  EXPECT_EQ(deliveries[0].recipient(), "");
  EXPECT_THAT(letter.bytes, HasSubstr(deliveries[0].message_id()));
}

TEST_F(TransactionalTest, AMemberIsWrittenToAtTheAddressOnRecordInTheMembersLanguage) {
  AddReader("nina", {}, "uk");
  v1::SendTransactionalRequest request = Link("");
  request.set_member("members/nina");
  request.clear_locale();
  ASSERT_THAT(Send(request), IsOk());
  ASSERT_THAT(SendAll(), IsOk());
  ASSERT_THAT(LettersTo("nina"), SizeIs(1));
  EXPECT_THAT(LettersTo("nina")[0].bytes, HasSubstr("Content-Language: uk"));
  request = Link("");
  request.set_member("members/stranger");
  EXPECT_THAT(Send(request), StatusIs(absl::StatusCode::kNotFound, "RECIPIENT_NOT_FOUND"));
}

TEST_F(TransactionalTest, EveryTemplateIsThereInBothLanguagesAndCanBeSent) {
  int sent = 0;
  for (const char* name : {"sign-in", "sign-in-unknown", "gift", "gift-reminder", "seat-invitation", "trial-ending",
                           "payment-failed", "cancellation", "receipt", "email-change"}) {
    for (const char* locale : {"en", "uk"}) {
      v1::SendTransactionalRequest request = Link(absl::StrCat("r", ++sent, "@readers.example"));
      request.set_template_(absl::StrCat("templates/", name));
      request.set_locale(locale);
      ASSERT_THAT(Send(request), IsOk()) << name << " in " << locale;
    }
  }
  ASSERT_THAT(SendAll(), IsOk());
  EXPECT_THAT(sink_.messages(), SizeIs(sent));
  for (const SmtpSink::Message& letter : sink_.messages()) EXPECT_THAT(letter.bytes, Not(HasSubstr("{{")));
}

TEST_F(TransactionalTest, TimesAreReadAsDaysInTheReadersLanguage) {
  for (const char* locale : {"en", "uk"}) {
    v1::SendTransactionalRequest request = Link(absl::StrCat(locale, "@readers.example"));
    request.set_template_("templates/cancellation");
    request.set_locale(locale);
    (*request.mutable_values())["end_time"] = "2026-12-31T23:30:00+02:00";
    ASSERT_THAT(Send(request), IsOk());
  }
  EXPECT_EQ(Readable({{"end_time", "2026-12-31T23:30:00+02:00"}}, "uk").at("end_time"), "31 грудня 2026");
  EXPECT_EQ(Readable({{"end_time", "soon"}, {"code", "2026-12-31T23:30:00Z"}}, "en"),
            (Values{{"end_time", "soon"}, {"code", "2026-12-31T23:30:00Z"}}));
  ASSERT_THAT(SendAll(), IsOk());
  EXPECT_THAT(LettersTo("en").at(0).bytes, HasSubstr("31 December 2026"));
}

TEST_F(TransactionalTest, ALetterThatIsAskedForTwiceIsSentOnce) {
  const v1::SendTransactionalRequest request = Link("olha@readers.example");
  const auto first = Send(request);
  const auto again = Send(request);
  ASSERT_THAT(again, IsOk());
  EXPECT_EQ(first->name(), again->name());
  // Even when the answer itself has been forgotten.
  postgres_.MoveClock(absl::Hours(25));
  v1::SendTransactionalRequest later = request;
  later.mutable_expire_time()->set_seconds(absl::ToUnixSeconds(absl::Now() + absl::Hours(26)));
  EXPECT_EQ(Send(later)->name(), first->name());
  EXPECT_EQ(CountMessages(), 1);
}

TEST_F(TransactionalTest, SomebodyWhoWaitsIsWrittenToEvenIfSuppressed) {
  AddReader("nina", {});
  postgres_.Execute(
      "INSERT INTO suppressions (address_hash, reason) SELECT address_hash, 'HARD_BOUNCE' FROM endpoints");
  v1::SendTransactionalRequest request = Link("");
  request.set_member("members/nina");
  ASSERT_THAT(Send(request), IsOk());
  ASSERT_THAT(SendAll(), IsOk());
  EXPECT_THAT(LettersTo("nina"), SizeIs(1));
}

TEST_F(TransactionalTest, ALetterThatIsTooLateIsNotSentAndIsForgotten) {
  const auto message = Send(Link("olha@readers.example"));
  ASSERT_THAT(message, IsOk());
  postgres_.MoveClock(absl::Minutes(31));
  ASSERT_THAT(SendAll(), IsOk());
  EXPECT_THAT(sink_.messages(), IsEmpty());
  EXPECT_EQ(Deliveries(message->name())[0].state(), v1::Delivery::EXPIRED);
  EXPECT_EQ(Letters(), "0");
}

TEST_F(TransactionalTest, WhatCannotBeSentIsRefusedWhileSomebodyIsThereToHearIt) {
  v1::SendTransactionalRequest request = Link("olha@readers.example");
  request.set_template_("templates/alert");
  EXPECT_THAT(Send(request), StatusIs(absl::StatusCode::kNotFound, "TEMPLATE_NOT_FOUND"));
  for (const auto& spoil : std::vector<std::function<void(v1::SendTransactionalRequest&)>>{
           [](auto& r) { r.set_address("no address"); }, [](auto& r) { r.clear_to(); },
           [](auto& r) { r.set_request_id("once"); }, [](auto& r) { r.mutable_expire_time()->set_seconds(1); },
           [](auto& r) { r.mutable_expire_time()->set_seconds(absl::ToUnixSeconds(absl::Now() + absl::Hours(200))); },
           [](auto& r) { (*r.mutable_values())["Bad Name"] = "x"; },
           [](auto& r) { (*r.mutable_values())["link"] = std::string(4001, 'x'); },
           [](auto& r) { r.set_locale("not a tag!"); }}) {
    v1::SendTransactionalRequest bad = Link("olha@readers.example");
    spoil(bad);
    EXPECT_THAT(Send(bad), StatusIs(absl::StatusCode::kInvalidArgument, "INVALID_FIELD")) << bad.ShortDebugString();
  }
  EXPECT_EQ(CountMessages(), 0);
}

TEST_F(TransactionalTest, OnlyMembershipsAndBackendsWithTheScopeMaySend) {
  v1::SendTransactionalRequest request = Link("olha@readers.example");
  v1::Message message;
  v1::TransactionalService::Stub stub(server_->Channel());
  v1::TransactionalService::Stub as_articles(server_->ChannelAs("articles"));
  EXPECT_THAT(stub.SendTransactional(As(server_->BackendToken({"notifications.send"})).get(), request, &message),
              IsOk());
  EXPECT_EQ(stub.SendTransactional(AsBackend().get(), request, &message).error_code(),
            grpc::StatusCode::PERMISSION_DENIED);
  EXPECT_EQ(as_articles.SendTransactional(Anonymous().get(), request, &message).error_code(),
            grpc::StatusCode::PERMISSION_DENIED);
  EXPECT_EQ(stub.SendTransactional(AsSupport().get(), request, &message).error_code(),
            grpc::StatusCode::PERMISSION_DENIED);
}

TEST_F(TransactionalTest, AlertsAreListedWithoutLettersAndNobodyIsToldOfThem) {
  ASSERT_THAT(Send(Link("olha@readers.example")), IsOk());
  ASSERT_THAT(SendAll(), IsOk());
  v1::ListMessagesResponse listed;
  ASSERT_THAT(messages_->ListMessages(AsBackend().get(), v1::ListMessagesRequest(), &listed), IsOk());
  EXPECT_THAT(listed.messages(), IsEmpty());
  EXPECT_EQ(postgres_.QueryValue("SELECT count(*) FROM event WHERE type LIKE 'message.%'"), "0");
}

// The one general sender is held by a mail server that does not let go of it; the link has a sender of its own.
TEST_F(BusyNewsroomTest, ALinkDoesNotWaitBehindANewsletterThatStandsStill) {
  for (int i = 0; i < 20; ++i) AddReader(absl::StrCat("r", i), {"breaking"});
  sink_.Set(SmtpSink::At::kFinalDot,
            {.act = SmtpSink::Act::kReply, .text = "250 ok\r\n", .delay = absl::Seconds(3), .times = 1});
  articles_.Publish({.id = "talks", .breaking = true});
  // It is kept before the server falls silent.
  Until("the newsletter stands still", [&] { return !sink_.messages().empty(); });
  const absl::Time start = absl::Now();
  ASSERT_THAT(notifications::Send(*server_, Link("olha@readers.example")), IsOk());
  Until("the link is there", [&] { return !LettersTo("olha").empty(); });
  EXPECT_LT(absl::Now() - start, absl::Seconds(1));
}

}  // namespace
}  // namespace masthead::notifications
