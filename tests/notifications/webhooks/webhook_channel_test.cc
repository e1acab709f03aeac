// Messages told to recipients' own systems.
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "masthead/notifications/v1/recipient_service.grpc.pb.h"
#include "tests/notifications/webhooks/webhooks_newsroom.h"

namespace masthead::notifications::webhooks {
namespace {

using ::masthead::testing::IsOk;
using ::masthead::testing::StatusIs;
using ::testing::StartsWith;

class WebhookChannelTest : public WebhooksNewsroomTest {
 protected:
  WebhookChannelTest() : recipients_(v1::RecipientService::NewStub(server_->Channel())), webhook_(Make({})) {
    AddReader("olha", {"section-war"});
    EXPECT_THAT(Attach("olha", webhook_.name()), IsOk());
    postgres_.Execute("UPDATE subscriptions SET channels = 16");
  }

  grpc::Status Attach(const std::string& reader, const std::string& webhook, bool as_member = false) {
    v1::CreateEndpointRequest request;
    request.set_parent(absl::StrCat("recipients/", reader));
    request.mutable_endpoint()->mutable_webhook()->set_webhook_endpoint(webhook);
    v1::Endpoint endpoint;
    return recipients_->CreateEndpoint((as_member ? AsMember(reader) : AsSupport()).get(), request, &endpoint);
  }

  // The message about a new article, sent as far as it goes.
  std::string Tell(const std::string& article) {
    articles_.Publish({.id = article, .headline = "Talks resume"});
    const std::string message = MessageAbout(article).name();
    EXPECT_THAT(FanOutAll(), IsOk());
    EXPECT_THAT(SendAll(), IsOk());
    return message;
  }

  std::unique_ptr<v1::RecipientService::Stub> recipients_;
  const v1::WebhookEndpoint webhook_;
};

TEST_F(WebhookChannelTest, ARecipientsSystemIsToldTheMessage) {
  const std::string message = Tell("talks");
  const v1::Delivery delivery = DeliveryTo(message, "olha");
  EXPECT_EQ(delivery.state(), v1::Delivery::SENT);
  EXPECT_EQ(delivery.channel(), v1::WEBHOOK);
  const std::vector<httplib::Request> heard = receiver_.Heard();
  ASSERT_EQ(heard.size(), 1u);
  EXPECT_THAT(heard[0].get_header_value("webhook-id"), StartsWith("msg_"));
  EXPECT_EQ(heard[0].get_header_value("webhook-signature"), SignatureOf(heard[0], {Secrets(webhook_.name()).secret()}));
  const nlohmann::json body = nlohmann::json::parse(heard[0].body);
  EXPECT_EQ(body["type"], "message.received");
  EXPECT_EQ(body["data"]["message"], message);
  EXPECT_EQ(body["data"]["recipient"], "recipients/olha");
  EXPECT_EQ(body["data"]["headline"], "Talks resume");
}

TEST_F(WebhookChannelTest, ACallThatFailedIsRepeatedUnderTheSameId) {
  receiver_.Answer(500, "out of order");
  const std::string message = Tell("talks");
  const v1::Delivery deferred = DeliveryTo(message, "olha");
  EXPECT_EQ(deferred.state(), v1::Delivery::DEFERRED);
  ASSERT_EQ(deferred.attempts_size(), 1);
  EXPECT_EQ(deferred.attempts(0).smtp_code(), 500);
  receiver_.Answer(200);
  postgres_.MoveClock(absl::Seconds(6));
  ASSERT_THAT(SendAll(), IsOk());
  EXPECT_EQ(DeliveryTo(message, "olha").state(), v1::Delivery::SENT);
  const std::vector<httplib::Request> heard = receiver_.Heard();
  ASSERT_EQ(heard.size(), 2u);
  EXPECT_EQ(heard[0].get_header_value("webhook-id"), heard[1].get_header_value("webhook-id"));
}

TEST_F(WebhookChannelTest, ASystemThatIsGoneIsNotCalledAgain) {
  receiver_.Answer(410);
  const v1::Delivery delivery = DeliveryTo(Tell("talks"), "olha");
  EXPECT_EQ(delivery.state(), v1::Delivery::FAILED);
  EXPECT_EQ(delivery.reason(), v1::Delivery::ENDPOINT_GONE);
  EXPECT_EQ(Get(webhook_.name()).disabled_reason(), v1::WebhookEndpoint::GONE);
  EXPECT_EQ(postgres_.QueryValue("SELECT state FROM endpoints WHERE channel = 'WEBHOOK'"), "EXPIRED");
}

TEST_F(WebhookChannelTest, ADisabledSystemIsNotCalledAndSaidSo) {
  Switch(webhook_.name(), v1::WebhookEndpoint::DISABLED);
  const v1::Delivery delivery = DeliveryTo(Tell("talks"), "olha");
  EXPECT_EQ(delivery.state(), v1::Delivery::CANCELLED);
  EXPECT_EQ(delivery.reason(), v1::Delivery::ADDRESS_GONE);
  EXPECT_EQ(receiver_.Heard().size(), 0u);
}

TEST_F(WebhookChannelTest, ASystemThatIsLetAloneIsToldWhenItIsBack) {
  postgres_.Execute("UPDATE webhook_endpoints SET failures = 5, retry_time = db_now() + interval '30 seconds'");
  const std::string message = Tell("talks");
  EXPECT_EQ(DeliveryTo(message, "olha").state(), v1::Delivery::DEFERRED);
  EXPECT_EQ(DeliveryTo(message, "olha").attempt_count(), 0);
  EXPECT_EQ(receiver_.Heard().size(), 0u);
  postgres_.MoveClock(absl::Seconds(31));
  ASSERT_THAT(SendAll(), IsOk());
  EXPECT_EQ(DeliveryTo(message, "olha").state(), v1::Delivery::SENT);
  EXPECT_FALSE(Get(webhook_.name()).has_retry_time());
}

TEST_F(WebhookChannelTest, OnlyStaffSetsRecipientsSystemsAndOnlyThoseThereAre) {
  EXPECT_THAT(Attach("olha", webhook_.name(), /*as_member=*/true),
              StatusIs(absl::StatusCode::kInvalidArgument, "INVALID_FIELD"));
  EXPECT_THAT(Attach("olha", "webhookEndpoints/none"),
              StatusIs(absl::StatusCode::kNotFound, "WEBHOOK_ENDPOINT_NOT_FOUND"));
}

}  // namespace
}  // namespace masthead::notifications::webhooks
