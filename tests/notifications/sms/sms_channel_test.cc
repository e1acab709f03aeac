// Messages to telephones, through a gateway that answers as Twilio does.
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "masthead/notifications/v1/recipient_service.grpc.pb.h"
#include "tests/notifications/support/http_receiver.h"
#include "tests/notifications/support/newsroom.h"
#include "tests/support/status_matchers.h"

namespace masthead::notifications::sms {
namespace {

using ::masthead::testing::IsOk;
using ::testing::HasSubstr;
using ::testing::Not;

class SmsChannelTest : public QuietNewsroomTest {
 protected:
  SmsChannelTest() : SmsChannelTest(std::make_unique<HttpReceiver>()) {}

  explicit SmsChannelTest(std::unique_ptr<HttpReceiver> gateway)
      : QuietNewsroomTest([&](NotificationsOptions& options) {
          options.sms = TwilioOptions{
              .base_url = gateway->url(), .account = "AC1", .credentials = "SK1:secret", .sender = "+15005550006"};
          options.sms_max_segments = 2;
        }),
        gateway_(std::move(gateway)) {
    AddReader("olha", {"section-war"});
    v1::CreateEndpointRequest request;
    request.set_parent("recipients/olha");
    request.mutable_endpoint()->set_phone_number("+380671234567");
    request.set_verified(true);
    v1::Endpoint endpoint;
    EXPECT_THAT(
        v1::RecipientService::NewStub(server_->Channel())->CreateEndpoint(AsSupport().get(), request, &endpoint),
        IsOk());
    postgres_.Execute("UPDATE subscriptions SET channels = 8");
    gateway_->Answer(201, R"({"sid":"SM1","status":"queued","num_segments":"1","error_code":null})");
  }

  ~SmsChannelTest() override { notifications_->StopWorkers(); }

  v1::Delivery Tell(const std::string& article, const std::string& headline = "Talks resume") {
    articles_.Publish({.id = article, .headline = headline});
    message_ = MessageAbout(article).name();
    EXPECT_THAT(FanOutAll(), IsOk());
    EXPECT_THAT(SendAll(), IsOk());
    return DeliveryTo(message_, "olha");
  }

  void Refuse(int status, int code) {
    gateway_->Answer(
        status, absl::StrCat(R"({"code":)", code, R"(,"message":"'+380671234567' is bad","status":)", status, "}"));
  }

  const std::unique_ptr<HttpReceiver> gateway_;
  std::string message_;
};

TEST_F(SmsChannelTest, ATelephoneIsToldHeadlineAndLink) {
  const v1::Delivery delivery = Tell("talks");
  EXPECT_EQ(delivery.state(), v1::Delivery::SENT) << postgres_.QueryValue("SELECT text FROM attempts");
  EXPECT_EQ(delivery.channel(), v1::SMS);
  const std::vector<httplib::Request> heard = gateway_->Heard();
  ASSERT_EQ(heard.size(), 1u);
  EXPECT_EQ(heard[0].path, "/2010-04-01/Accounts/AC1/Messages.json");
  EXPECT_EQ(heard[0].get_header_value("authorization"), "Basic U0sxOnNlY3JldA==");
  EXPECT_EQ(heard[0].get_param_value("To"), "+380671234567");
  EXPECT_EQ(heard[0].get_param_value("From"), "+15005550006");
  EXPECT_THAT(heard[0].get_param_value("Body"), HasSubstr("Talks resume https://news.example"));
  EXPECT_GT(std::stoi(heard[0].get_param_value("ValidityPeriod")), 3 * 60 * 60);
}

TEST_F(SmsChannelTest, ALongHeadlineIsCut) {
  std::string headline;
  for (int i = 0; i < 30; ++i) headline += "переговори ";
  EXPECT_EQ(Tell("talks", headline).state(), v1::Delivery::SENT);
  const std::string body = gateway_->Heard().at(0).get_param_value("Body");
  EXPECT_THAT(body, HasSubstr("... https://news.example"));
}

TEST_F(SmsChannelTest, ATemplatesOwnTextIsSentAndOneThatIsTooLongIsNot) {
  postgres_.Execute("UPDATE template_texts SET sms = 'Now: {{headline}}' WHERE template = 'alert'");
  EXPECT_EQ(Tell("talks").state(), v1::Delivery::SENT);
  EXPECT_EQ(gateway_->Heard().at(0).get_param_value("Body"), "Now: Talks resume");
  const v1::Delivery refused = Tell("more-talks", std::string(400, 'a'));
  EXPECT_EQ(refused.state(), v1::Delivery::FAILED);
  EXPECT_EQ(refused.reason(), v1::Delivery::INVALID_LETTER);
  EXPECT_THAT(refused.attempts(0).text(), HasSubstr("takes 3 short messages"));
}

TEST_F(SmsChannelTest, ANumberThatDoesNotExistIsSuppressedAndNotNamed) {
  Refuse(400, 21211);
  const v1::Delivery delivery = Tell("talks");
  EXPECT_EQ(delivery.state(), v1::Delivery::FAILED);
  EXPECT_EQ(delivery.reason(), v1::Delivery::HARD_BOUNCE);
  ASSERT_EQ(delivery.attempts_size(), 1);
  EXPECT_EQ(delivery.attempts(0).text(), "error 21211");
  EXPECT_THAT(delivery.ShortDebugString(), Not(HasSubstr("380671234567")));
  EXPECT_EQ(postgres_.QueryValue("SELECT count(*) FROM suppressions"), "1");
}

TEST_F(SmsChannelTest, WhoAnsweredStopIsNotToldAgain) {
  Refuse(400, 21610);
  EXPECT_EQ(Tell("talks").reason(), v1::Delivery::ENDPOINT_GONE);
  EXPECT_EQ(postgres_.QueryValue("SELECT state FROM endpoints WHERE channel = 'SMS'"), "EXPIRED");
}

TEST_F(SmsChannelTest, ABusyGatewayIsAskedAgainWhenItSays) {
  gateway_->Answer(429, R"({"code":20429})", "1800");
  EXPECT_EQ(Tell("talks").state(), v1::Delivery::DEFERRED);
  gateway_->Answer(201, "{}");
  postgres_.MoveClock(absl::Minutes(31));
  ASSERT_THAT(SendAll(), IsOk());
  EXPECT_EQ(DeliveryTo(message_, "olha").state(), v1::Delivery::SENT);
}

TEST_F(SmsChannelTest, AGatewayThatDoesNotKnowUsCostsNoDelivery) {
  gateway_->Answer(401, R"({"code":20003})");
  const v1::Delivery waiting = Tell("talks");
  EXPECT_EQ(waiting.state(), v1::Delivery::DEFERRED);
  EXPECT_EQ(waiting.attempt_count(), 0);
  gateway_->Answer(201, "{}");
  postgres_.MoveClock(absl::Minutes(2));
  ASSERT_THAT(SendAll(), IsOk());
  EXPECT_EQ(DeliveryTo(message_, "olha").state(), v1::Delivery::SENT);
}

TEST_F(SmsChannelTest, WhereTheAnswerWasLostNobodyIsToldTwice) {
  gateway_->AnswerBy([](const httplib::Request&) {
    httplib::Response cut_off;
    cut_off.status = 201;
    // Promises more than it says: the connection ends in the middle.
    cut_off.set_content_provider(1000, "application/json", [](size_t, size_t, httplib::DataSink&) { return false; });
    return cut_off;
  });
  EXPECT_EQ(Tell("talks").state(), v1::Delivery::UNCERTAIN);
  postgres_.MoveClock(absl::Hours(1));
  ASSERT_THAT(SendAll(), IsOk());
  EXPECT_EQ(gateway_->Heard().size(), 1u);
}

}  // namespace
}  // namespace masthead::notifications::sms
