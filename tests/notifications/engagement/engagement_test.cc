// Opens, clicks and departures, as far as readers let us know them, and what reports make of them.
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "gmock/gmock.h"
#include "masthead/notifications/v1/feedback_service.grpc.pb.h"
#include "masthead/notifications/v1/report_service.grpc.pb.h"
#include "services/notifications/engagement/tracked_html.h"
#include "tests/notifications/support/newsroom.h"
#include "tests/support/status_matchers.h"

namespace masthead::notifications {
namespace {

using absl::StatusCode;
using ::masthead::testing::IsOk;
using ::masthead::testing::StatusIs;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::SizeIs;

constexpr char kFirefox[] = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0";
constexpr char kGmail[] = "Mozilla/5.0 (via ggpht.com GoogleImageProxy)";

class EngagementTest : public QuietNewsroomTest {
 protected:
  explicit EngagementTest(bool counts = true)
      : QuietNewsroomTest([counts](NotificationsOptions& options) { options.letters.counts_engagement = counts; }),
        feedback_(v1::FeedbackService::NewStub(server_->Channel())),
        reports_(v1::ReportService::NewStub(server_->Channel())) {}

  void Choose(const std::string& reader, const std::string& tracking) {
    postgres_.QueryValue(
        absl::StrCat("INSERT INTO preferences (recipient_number, tracking) SELECT number, '", tracking,
                     "' FROM recipients WHERE id = '", reader,
                     "' ON CONFLICT (recipient_number) DO UPDATE SET tracking = excluded.tracking RETURNING 1"));
  }
  std::string Sent(const std::string& article = "talks") {
    articles_.Publish({.id = article, .breaking = true});
    const std::string name = MessageAbout(article).name();
    EXPECT_THAT(FanOutAll(), IsOk());
    EXPECT_THAT(SendAll(), IsOk());
    return name;
  }
  // The reader's last letter, its quoted-printable line breaks undone.
  std::string Letter(const std::string& reader) {
    return absl::StrReplaceAll(LettersTo(reader).back().bytes, {{"=\r\n", ""}, {"=3D", "="}});
  }
  // What stands in the letter between `before` and the next quote.
  static std::string Between(const std::string& letter, const std::string& before) {
    const size_t start = letter.find(before);
    if (start == std::string::npos) return "";
    return letter.substr(start + before.size(), letter.find('"', start + before.size()) - start - before.size());
  }
  http::Response Get(const std::string& prefix, const std::string& path, const std::string& url = "",
                     const std::string& user_agent = kFirefox, const std::string& method = "GET") {
    http::Request request = {.method = method,
                             .path = absl::StrCat(prefix, path),
                             .headers = {{"user-agent", user_agent}},
                             .body = "",
                             .parameters = {}};
    if (!url.empty()) request.parameters["u"] = url;
    return notifications_->public_pages().at(prefix)(request);
  }
  // Follows the link to the article in the reader's letter.
  http::Response Click(const std::string& reader, const std::string& user_agent = kFirefox) {
    const std::string link = Between(Letter(reader), "/l/");
    const std::string url =
        absl::StrReplaceAll(link.substr(link.find("?u=") + 3), {{"%3F", "?"}, {"%3D", "="}, {"%26", "&"}});
    return Get(kClickPath, link.substr(0, link.find('?')), url, user_agent);
  }
  http::Response Open(const std::string& reader, const std::string& user_agent = kFirefox) {
    return Get(kOpenPath, Between(Letter(reader), "/o/"), "", user_agent);
  }
  v1::MessageReport Report(const std::string& message) {
    const Cancellation never;
    EXPECT_THAT(notifications_->engagement_log().Step(never), IsOk());
    v1::GetMessageReportRequest request;
    request.set_name(absl::StrCat(message, "/report"));
    v1::MessageReport report;
    EXPECT_THAT(reports_->GetMessageReport(AsEditor().get(), request, &report), IsOk());
    return report;
  }

  std::unique_ptr<v1::FeedbackService::Stub> feedback_;
  std::unique_ptr<v1::ReportService::Stub> reports_;
};

TEST_F(EngagementTest, CountsInSumWithoutKnowingWhoItWas) {
  AddReader("a", {"breaking"});
  AddReader("b", {"breaking"});
  const std::string name = Sent();
  EXPECT_EQ(Between(Letter("a"), "/l/"), Between(Letter("b"), "/l/")) << "nothing in the link tells readers apart";
  const http::Response response = Click("a");
  EXPECT_EQ(response.status, 302);
  EXPECT_THAT(response.headers.at("Location"), HasSubstr("talks"));
  Click("b");
  Open("a");
  Open("a", kGmail);
  const v1::MessageReport report = Report(name);
  const v1::EngagementCounts& engagement = report.counts().engagement();
  EXPECT_EQ(engagement.clicks(), 2);
  EXPECT_EQ(engagement.opens(), 1);
  EXPECT_EQ(engagement.machine_opens(), 1);
  EXPECT_EQ(engagement.openers(), 0);
  ASSERT_THAT(report.links(), SizeIs(1));
  EXPECT_EQ(report.links(0).url(), response.headers.at("Location"));
  EXPECT_EQ(report.links(0).clicks(), 2);
  EXPECT_EQ(postgres_.QueryValue("SELECT count(*) FROM delivery_engagements"), "0");
}

TEST_F(EngagementTest, CountsReadersEachForOneselfWhereTheyAgreed) {
  for (const char* reader : {"a", "b"}) {
    AddReader(reader, {"breaking"});
    Choose(reader, "INDIVIDUAL");
  }
  const std::string name = Sent();
  EXPECT_NE(Between(Letter("a"), "/l/"), Between(Letter("b"), "/l/"));
  Click("a");
  Click("a");
  Report(name);
  Click("a");
  Click("b", "curl/8.5.0");
  Open("b");
  const v1::EngagementCounts engagement = Report(name).counts().engagement();
  EXPECT_EQ(engagement.clicks(), 3);
  EXPECT_EQ(engagement.machine_clicks(), 1);
  EXPECT_EQ(engagement.clickers(), 1) << "the same reader three times, and a program";
  EXPECT_EQ(engagement.openers(), 1);
}

TEST_F(EngagementTest, LeavesTheLettersAloneOfThoseWhoDoNotWantIt) {
  AddReader("a", {"breaking"});
  Choose("a", "NONE");
  Sent();
  const std::string letter = Letter("a");
  EXPECT_THAT(letter, Not(HasSubstr("/l/")));
  EXPECT_THAT(letter, Not(HasSubstr("/o/")));
  EXPECT_THAT(letter, HasSubstr("<a href=\"https://"));
}

TEST_F(EngagementTest, HeedsAChoiceThatCameAfterTheLetter) {
  AddReader("a", {"breaking"});
  AddReader("b", {"breaking"});
  Choose("a", "INDIVIDUAL");
  Choose("b", "INDIVIDUAL");
  const std::string name = Sent();
  Open("a");
  EXPECT_EQ(Report(name).counts().engagement().openers(), 1);
  EXPECT_EQ(postgres_.QueryValue("SELECT count(*) FROM delivery_engagements"), "1");
  Choose("a", "NONE");
  Choose("b", "AGGREGATE");
  EXPECT_EQ(postgres_.QueryValue("SELECT count(*) FROM delivery_engagements"), "0") << "what we knew is taken back";
  EXPECT_EQ(Click("a").status, 302) << "the link still leads on";
  Click("b");
  const v1::EngagementCounts engagement = Report(name).counts().engagement();
  EXPECT_EQ(engagement.clicks(), 1);
  EXPECT_EQ(engagement.clickers(), 0);
}

TEST_F(EngagementTest, IsNoOpenRedirect) {
  AddReader("a", {"breaking"});
  const std::string name = Sent();
  const std::string link = Between(Letter("a"), "/l/");
  EXPECT_EQ(Get(kClickPath, link.substr(0, link.find('?')), "https://evil.example/").status, 404);
  EXPECT_EQ(Get(kClickPath, link.substr(0, link.find('?'))).status, 404);
  EXPECT_EQ(Get(kClickPath, "", "https://evil.example/").status, 404);
  EXPECT_EQ(Get(kOpenPath, "forged").status, 404);
  EXPECT_EQ(Get(kOpenPath, "forged", "", kFirefox, "POST").status, 405);
  EXPECT_EQ(Report(name).counts().engagement().clicks(), 0);
}

TEST_F(EngagementTest, AProvidersCountIsHeededOnceAndOnlyAsTheReaderChose) {
  AddReader("a", {"breaking"});
  AddReader("b", {"breaking"});
  Choose("a", "INDIVIDUAL");
  Choose("b", "NONE");
  const std::string name = Sent();
  for (const char* reader : {"a", "b"}) {
    v1::RecordEngagementRequest request;
    request.set_provider("post-office");
    request.set_event_id(absl::StrCat("evt-", reader));
    request.mutable_engagement()->set_delivery(DeliveryTo(name, reader).name());
    v1::IngestedFeedback ingested;
    ASSERT_THAT(feedback_->RecordEngagement(AsBackend().get(), request, &ingested), IsOk());
    EXPECT_EQ(ingested.outcome(), v1::IngestedFeedback::RECORDED);
    ASSERT_THAT(feedback_->RecordEngagement(AsBackend().get(), request, &ingested), IsOk());
    EXPECT_EQ(ingested.outcome(), v1::IngestedFeedback::REPEATED);
  }
  EXPECT_EQ(Report(name).counts().engagement().opens(), 1);
  EXPECT_EQ(Report(name).counts().engagement().openers(), 1);
}

TEST_F(EngagementTest, ReportsAgreeWithDeliveries) {
  for (const char* reader : {"a", "b", "c", "d", "e"}) AddReader(reader, {"breaking"});
  sink_.RefuseRecipient("e@readers.example", "550 5.1.1 no such user\r\n");
  const std::string name = Sent();
  int event = 0;
  const auto tell = [&](const char* reader, v1::ProviderEvent::Kind kind, const char* code) {
    v1::IngestProviderEventRequest request;
    request.set_provider("post-office");
    request.set_event_id(absl::StrCat(++event));
    request.mutable_event()->set_kind(kind);
    request.mutable_event()->set_delivery(DeliveryTo(name, reader).name());
    request.mutable_event()->set_enhanced_code(code);
    v1::IngestedFeedback ingested;
    EXPECT_THAT(feedback_->IngestProviderEvent(AsBackend().get(), request, &ingested), IsOk());
  };
  tell("a", v1::ProviderEvent::BOUNCED, "5.1.1");
  tell("b", v1::ProviderEvent::BOUNCED, "5.2.2");
  tell("b", v1::ProviderEvent::BOUNCED, "5.1.1");
  tell("c", v1::ProviderEvent::BOUNCED, "5.7.1");
  tell("c", v1::ProviderEvent::COMPLAINED, "");
  tell("d", v1::ProviderEvent::DELIVERED, "");
  v1::UnsubscribeRequest leave;
  leave.set_token(UnsubscribeToken("d", "breaking"));
  v1::UnsubscribeResponse left;
  ASSERT_THAT(subscriptions_->Unsubscribe(Anonymous().get(), leave, &left), IsOk());
  ASSERT_THAT(subscriptions_->Unsubscribe(Anonymous().get(), leave, &left), IsOk());

  const v1::ReportCounts counts = Report(name).counts();
  EXPECT_EQ(counts.bounced_hard(), 2);
  EXPECT_EQ(counts.bounced_soft(), 0);
  EXPECT_EQ(counts.bounced_policy(), 0);
  EXPECT_EQ(counts.unsubscribed(), 1) << "once, however often the link is followed";
  EXPECT_EQ(counts.deliveries().failed(), 1);
  for (const auto& [state, count] : std::map<std::string, int64_t>{{"SENT", counts.deliveries().sent()},
                                                                   {"DELIVERED", counts.deliveries().delivered()},
                                                                   {"BOUNCED", counts.deliveries().bounced()},
                                                                   {"COMPLAINED", counts.deliveries().complained()}}) {
    EXPECT_EQ(postgres_.QueryValue(absl::StrCat("SELECT count(*) FROM deliveries WHERE state = '", state, "'")),
              absl::StrCat(count))
        << state;
  }
  v1::GetTopicReportRequest request;
  request.set_name("topics/breaking/report");
  v1::TopicReport report;
  ASSERT_THAT(reports_->GetTopicReport(AsEditor().get(), request, &report), IsOk());
  EXPECT_EQ(report.message_count(), 1);
  EXPECT_EQ(report.counts().SerializeAsString(), counts.SerializeAsString());
}

TEST_F(EngagementTest, ReportsAreOfWhatThereIs) {
  v1::GetMessageReportRequest request;
  request.set_name("messages/nothing/report");
  v1::MessageReport report;
  EXPECT_THAT(reports_->GetMessageReport(AsEditor().get(), request, &report),
              StatusIs(StatusCode::kNotFound, "MESSAGE_NOT_FOUND"));
  v1::GetTopicReportRequest of_topic;
  v1::TopicReport topic_report;
  of_topic.set_name("topics/nothing/report");
  EXPECT_THAT(reports_->GetTopicReport(AsEditor().get(), of_topic, &topic_report),
              StatusIs(StatusCode::kNotFound, "TOPIC_NOT_FOUND"));
  of_topic.set_name("topics/breaking/report");
  of_topic.mutable_start_time()->set_seconds(1);
  EXPECT_THAT(reports_->GetTopicReport(AsEditor().get(), of_topic, &topic_report),
              StatusIs(StatusCode::kInvalidArgument, "INVALID_FIELD"));
  EXPECT_THAT(reports_->GetTopicReport(AsMember("a").get(), of_topic, &topic_report),
              StatusIs(StatusCode::kPermissionDenied));
}

}  // namespace
}  // namespace masthead::notifications
