// Readers' letters to desks.
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "masthead/notifications/v1/desk_letter_service.grpc.pb.h"
#include "tests/notifications/support/newsroom.h"
#include "tests/support/status_matchers.h"

namespace masthead::notifications {
namespace {

using ::masthead::testing::IsOk;
using ::masthead::testing::StatusIs;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

constexpr char kDesk[] = "contributors/news-desk";

class DeskLetters : public QuietNewsroomTest {
 protected:
  DeskLetters() : letters_(v1::DeskLetterService::NewStub(server_->Channel())) {
    articles_.Publish({.id = "talks", .first_publication = false});  // Its desk is known from now on.
  }

  static v1::SendDeskLetterRequest Request(const std::string& text = "The mayor was not in town on Monday.") {
    v1::SendDeskLetterRequest request;
    v1::DeskLetter& letter = *request.mutable_desk_letter();
    letter.set_desk(kDesk);
    letter.set_kind(v1::DeskLetter::FEEDBACK);
    letter.set_article("articles/talks");
    letter.set_sender_name("Olha Reader");
    letter.set_sender_address("olha@readers.example");
    letter.set_subject("About Monday");
    letter.set_text(text);
    request.set_client_address("192.0.2.7");
    return request;
  }

  grpc::Status Send(const v1::SendDeskLetterRequest& request) {
    return letters_->SendDeskLetter(As(server_->BackendToken({"notifications.send"})).get(), request, &letter_);
  }

  std::string Relayed() {
    while (notifications_->critical_sender().Step(Cancellation()).value_or(false)) {
    }
    const std::vector<mail::SmtpSink::Message> letters = sink_.messages();
    EXPECT_THAT(letters, SizeIs(1));
    if (letters.empty()) return "";
    EXPECT_EQ(letters[0].rcpt_to, "desk@news.example");
    return letters[0].bytes;
  }

  std::unique_ptr<v1::DeskLetterService::Stub> letters_;
  v1::DeskLetter letter_;
};

TEST_F(DeskLetters, ReachTheDeskWhichAnswersToTheReader) {
  ASSERT_THAT(Send(Request()), IsOk());
  EXPECT_THAT(Relayed(),
              AllOf(HasSubstr("\r\nSubject: Feedback: About Monday\r\n"), HasSubstr("To: desk@news.example\r\n"),
                    HasSubstr("\r\nReply-To: olha@readers.example\r\n"), HasSubstr("alerts@news.example"),
                    HasSubstr("The mayor was not in town on Monday."), HasSubstr("articles/talks")));
  EXPECT_EQ(GetMessage(letter_.message()).state(), v1::Message::FINISHED);
}

TEST_F(DeskLetters, OfAnonymousInformantsNameNobody) {
  v1::SendDeskLetterRequest request = Request("Look into the bridge.");
  request.mutable_desk_letter()->set_kind(v1::DeskLetter::TIP);
  request.mutable_desk_letter()->clear_sender_name();
  request.mutable_desk_letter()->clear_sender_address();
  ASSERT_THAT(Send(request), IsOk());
  EXPECT_THAT(Relayed(), AllOf(HasSubstr("\r\nSubject: Tip: About Monday\r\n"), Not(HasSubstr("Reply-To"))));
  request.mutable_desk_letter()->set_kind(v1::DeskLetter::FEEDBACK);
  EXPECT_THAT(Send(request), StatusIs(absl::StatusCode::kInvalidArgument, "INVALID_FIELD"));
}

TEST_F(DeskLetters, CannotBreakOutOfAHeader) {
  for (const char* bad : {"Hi\r\nBcc: everybody@news.example", "Hi\nX: y"}) {
    v1::SendDeskLetterRequest request = Request();
    request.mutable_desk_letter()->set_subject(bad);
    EXPECT_THAT(Send(request), StatusIs(absl::StatusCode::kInvalidArgument, "HEADER_INJECTION"));
    request = Request();
    request.mutable_desk_letter()->set_sender_name(bad);
    EXPECT_THAT(Send(request), StatusIs(absl::StatusCode::kInvalidArgument, "HEADER_INJECTION"));
    request = Request();
    request.mutable_desk_letter()->set_sender_address(bad);
    EXPECT_THAT(Send(request), StatusIs(absl::StatusCode::kInvalidArgument, "HEADER_INJECTION"));
  }
  v1::SendDeskLetterRequest request = Request("Dear desk,\r\n.\r\nMAIL FROM:<x@y.example>\r\n\r\nTo: somebody\r\n");
  ASSERT_THAT(Send(request), IsOk());
  EXPECT_THAT(Relayed(), HasSubstr("MAIL FROM:<x@y.example>")) << "it stays text, in one letter";
}

TEST_F(DeskLetters, ThatLookLikeSpamAreRefusedWithTheCause) {
  const auto cause = [&](const std::string& text) {
    const grpc::Status status = Send(Request(text));
    EXPECT_THAT(status, StatusIs(absl::StatusCode::kInvalidArgument, "LETTER_REFUSED"));
    return status.error_details();
  };
  EXPECT_THAT(cause("Buy <A HREF='https://spam.example'>here</A>"), HasSubstr("MARKUP"));
  EXPECT_THAT(cause("[url=https://spam.example]here[/url]"), HasSubstr("MARKUP"));
  EXPECT_THAT(cause("https://a https://b http://c https://d https://e https://f"), HasSubstr("TOO_MANY_LINKS"));
  ASSERT_THAT(Send(Request("Once, and https://news.example/en/talks is what I mean.")), IsOk());
  v1::SendDeskLetterRequest again = Request("once and HTTPS://news.example/en/talks is what I mean!");
  again.set_client_address("198.51.100.4");
  again.mutable_desk_letter()->set_sender_address("somebody.else@readers.example");
  const grpc::Status repeated = Send(again);
  EXPECT_THAT(repeated, StatusIs(absl::StatusCode::kInvalidArgument, "LETTER_REFUSED"));
  EXPECT_THAT(repeated.error_details(), HasSubstr("REPEATED"));
  postgres_.MoveClock(absl::Hours(25));
  EXPECT_THAT(Send(again), IsOk()) << "the same words a day later";
}

TEST_F(DeskLetters, AreLimitedByNetworkAndByAddress) {
  const auto send = [&](int number, const std::string& network, const std::string& address) {
    v1::SendDeskLetterRequest request = Request(absl::StrCat("Letter number ", number));
    request.set_client_address(network);
    request.mutable_desk_letter()->set_sender_address(address);
    return Send(request);
  };
  int number = 0;
  for (int i = 0; i < 5; ++i) {
    ASSERT_THAT(send(++number, "2001:db8:1:2::7", absl::StrCat("a", i, "@readers.example")), IsOk());
  }
  const grpc::Status sixth = send(++number, "2001:db8:1:2:ffff::9", "b@readers.example");
  EXPECT_THAT(sixth, StatusIs(absl::StatusCode::kResourceExhausted, "RATE_LIMITED"));
  EXPECT_THAT(sixth.error_details(), HasSubstr("RetryInfo"));
  EXPECT_THAT(send(++number, "2001:db8:1:3::7", "c@readers.example"), IsOk()) << "another network";
  for (int i = 0; i < 4; ++i) {
    ASSERT_THAT(send(++number, absl::StrCat("198.51.100.", i), "C@Readers.example"), IsOk());
  }
  EXPECT_THAT(send(++number, "203.0.113.1", "c@readers.example"),
              StatusIs(absl::StatusCode::kResourceExhausted, "RATE_LIMITED"));
  postgres_.MoveClock(absl::Minutes(61));
  EXPECT_THAT(send(++number, "2001:db8:1:2::7", "c@readers.example"), IsOk());
}

TEST_F(DeskLetters, GoToDesksOnlyThatCanBeWrittenTo) {
  v1::SendDeskLetterRequest request = Request();
  request.mutable_desk_letter()->set_desk("contributors/nobody");
  EXPECT_THAT(Send(request), StatusIs(absl::StatusCode::kNotFound, "DESK_NOT_FOUND"));
  EXPECT_EQ(CountMessages(), 0);
}

TEST_F(DeskLetters, AreTakenOnceForARequest) {
  v1::SendDeskLetterRequest request = Request();
  request.set_request_id("0b0e4c4e-5f3a-4f2e-9a52-2a43c0d8b0aa");
  ASSERT_THAT(Send(request), IsOk());
  const std::string name = letter_.name();
  ASSERT_THAT(Send(request), IsOk());
  EXPECT_EQ(letter_.name(), name);
  EXPECT_EQ(CountMessages(), 1);
}

TEST_F(DeskLetters, AreReadByEditorsAndForgotten) {
  ASSERT_THAT(Send(Request()), IsOk());
  const std::string name = letter_.name();
  ASSERT_THAT(Send(Request("A second thought.")), IsOk());
  v1::ListDeskLettersRequest list;
  list.set_desk(kDesk);
  list.set_article("articles/talks");
  list.set_page_size(1);
  v1::ListDeskLettersResponse page;
  ASSERT_THAT(letters_->ListDeskLetters(AsEditor().get(), list, &page), IsOk());
  ASSERT_THAT(page.desk_letters(), SizeIs(1));
  EXPECT_EQ(page.desk_letters(0).text(), "A second thought.");
  list.set_page_token(page.next_page_token());
  ASSERT_THAT(letters_->ListDeskLetters(AsEditor().get(), list, &page), IsOk());
  ASSERT_THAT(page.desk_letters(), SizeIs(1));
  EXPECT_EQ(page.desk_letters(0).name(), name);
  EXPECT_THAT(page.next_page_token(), IsEmpty());
  EXPECT_THAT(postgres_.QueryValue("SELECT string_agg(d::text, ' ') FROM desk_letters d"), Not(HasSubstr("olha")));

  v1::GetDeskLetterRequest get;
  get.set_name(name);
  v1::DeskLetter letter;
  EXPECT_THAT(letters_->GetDeskLetter(AsMember("olha").get(), get, &letter),
              StatusIs(absl::StatusCode::kPermissionDenied, "CALLER_NOT_ADMITTED"));
  ASSERT_THAT(letters_->GetDeskLetter(AsEditor().get(), get, &letter), IsOk());
  EXPECT_EQ(letter.sender_address(), "olha@readers.example");
  v1::DeleteDeskLetterRequest remove;
  remove.set_name(name);
  google::protobuf::Empty empty;
  ASSERT_THAT(letters_->DeleteDeskLetter(AsEditor().get(), remove, &empty), IsOk());
  EXPECT_THAT(letters_->GetDeskLetter(AsEditor().get(), get, &letter),
              StatusIs(absl::StatusCode::kNotFound, "DESK_LETTER_NOT_FOUND"));
}

}  // namespace
}  // namespace masthead::notifications
