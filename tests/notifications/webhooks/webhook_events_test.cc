// Events told to other people's systems: real Postgres, real HTTP.
#include <string>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "common/resource/timestamp.h"
#include "gmock/gmock.h"
#include "tests/notifications/webhooks/webhooks_newsroom.h"

namespace masthead::notifications::webhooks {
namespace {

using ::masthead::testing::IsOk;
using ::masthead::testing::StatusIs;
using ::testing::HasSubstr;
using ::testing::StartsWith;

class WebhookEventsTest : public WebhooksNewsroomTest {
 protected:
  // Makes as many events of type message.created, and gives them to the endpoints.
  void Happen(int events) {
    const int before = spread_;
    spread_ += events;
    for (int i = 0; i < events; ++i) articles_.Publish({.id = absl::StrCat("story-", before + i)});
    Until("the events are spread", [&] {
      const Cancellation never;
      EXPECT_THAT(notifications_->webhook_feed().Step(never), IsOk());
      return postgres_.QueryValue("SELECT count(*) FROM webhook_events WHERE type = 'message.created'") ==
             absl::StrCat(spread_);
    });
  }

  void CallStep() {
    const Cancellation never;
    EXPECT_THAT(notifications_->webhook_sender().Step(never), IsOk());
  }
  void CallAll() {
    const Cancellation never;
    for (;;) {
      const absl::StatusOr<bool> more = notifications_->webhook_sender().Step(never);
      ASSERT_THAT(more, IsOk());
      if (!*more) return;
    }
  }

  v1::ReplayWebhookEventsResponse Replay(const std::string& name, bool include_heard) {
    v1::ReplayWebhookEventsRequest request;
    request.set_name(name);
    *request.mutable_start_time() = resource::ToTimestamp(absl::Now() - absl::Hours(1));
    *request.mutable_end_time() = resource::ToTimestamp(absl::Now() + absl::Hours(1));
    request.set_include_heard(include_heard);
    v1::ReplayWebhookEventsResponse response;
    EXPECT_THAT(webhooks_->ReplayWebhookEvents(AsAdmin().get(), request, &response), IsOk());
    return response;
  }

  std::string Test(const std::string& name) {
    v1::TestWebhookRequest request;
    request.set_name(name);
    v1::TestWebhookResponse response;
    EXPECT_THAT(webhooks_->TestWebhook(AsAdmin().get(), request, &response), IsOk());
    return response.webhook_id();
  }

  int spread_ = 0;
};

TEST_F(WebhookEventsTest, ASystemIsToldWhatItAskedForSigned) {
  const v1::WebhookEndpoint endpoint = Make({"message.created"});
  Happen(1);
  CallAll();
  const std::vector<httplib::Request> heard = receiver_.Heard();
  ASSERT_EQ(heard.size(), 1u);
  EXPECT_EQ(heard[0].path, "/hook");
  EXPECT_EQ(heard[0].get_header_value("content-type"), "application/json");
  EXPECT_THAT(heard[0].get_header_value("webhook-id"), StartsWith("evt_"));
  EXPECT_EQ(heard[0].get_header_value("webhook-signature"), SignatureOf(heard[0], {Secrets(endpoint.name()).secret()}));
  const nlohmann::json body = nlohmann::json::parse(heard[0].body);
  EXPECT_EQ(body["type"], "message.created");
  EXPECT_EQ(body["data"]["messageCreated"]["article"], "articles/story-0");
  EXPECT_THAT(body["timestamp"].get<std::string>(), HasSubstr("T"));

  const std::vector<v1::WebhookAttempt> attempts = Attempts(endpoint.name());
  ASSERT_EQ(attempts.size(), 1u);
  EXPECT_EQ(attempts[0].outcome(), v1::WebhookAttempt::HEARD);
  EXPECT_EQ(attempts[0].status(), 200);
  EXPECT_EQ(attempts[0].webhook_id(), heard[0].get_header_value("webhook-id"));
}

TEST_F(WebhookEventsTest, ASystemIsNotToldWhatItDidNotAskFor) {
  Make({"message.ended"});
  Make({});
  const v1::WebhookEndpoint all = Make({"*"});
  Happen(1);
  CallAll();
  for (const httplib::Request& call : receiver_.Heard()) {
    EXPECT_EQ(call.get_header_value("webhook-signature"), SignatureOf(call, {Secrets(all.name()).secret()}));
  }
}

TEST_F(WebhookEventsTest, ACallThatFailedIsRepeatedUnderTheSameIdWithANewSignature) {
  const v1::WebhookEndpoint endpoint = Make({"message.created"});
  Happen(1);
  receiver_.Answer(500, "out of order");
  CallAll();
  ASSERT_EQ(Attempts(endpoint.name()).size(), 1u);
  EXPECT_EQ(Attempts(endpoint.name())[0].outcome(), v1::WebhookAttempt::PUT_OFF);
  EXPECT_EQ(Attempts(endpoint.name())[0].text(), "out of order");

  receiver_.Answer(200);
  postgres_.MoveClock(absl::Seconds(4));
  CallAll();
  EXPECT_EQ(receiver_.Heard().size(), 1u) << "not before five seconds";
  postgres_.MoveClock(absl::Seconds(2));
  CallAll();
  const std::vector<httplib::Request> heard = receiver_.Heard();
  ASSERT_EQ(heard.size(), 2u);
  EXPECT_EQ(heard[0].get_header_value("webhook-id"), heard[1].get_header_value("webhook-id"));
  EXPECT_EQ(heard[0].body, heard[1].body);
  EXPECT_NE(heard[0].get_header_value("webhook-timestamp"), heard[1].get_header_value("webhook-timestamp"));
  EXPECT_EQ(heard[1].get_header_value("webhook-signature"), SignatureOf(heard[1], {Secrets(endpoint.name()).secret()}));
  EXPECT_EQ(Attempts(endpoint.name())[0].attempt(), 2);
}

TEST_F(WebhookEventsTest, ABusySystemIsCalledAgainWhenItSays) {
  Make({"message.created"});
  Happen(1);
  receiver_.Answer(503, "", "600");
  CallAll();
  receiver_.Answer(200);
  postgres_.MoveClock(absl::Minutes(9));
  CallAll();
  EXPECT_EQ(receiver_.Heard().size(), 1u);
  postgres_.MoveClock(absl::Minutes(2));
  CallAll();
  EXPECT_EQ(receiver_.Heard().size(), 2u);
}

TEST_F(WebhookEventsTest, AfterTenCallsAnEventIsGivenUp) {
  const v1::WebhookEndpoint endpoint = Make({"message.created"});
  Happen(1);
  receiver_.Answer(500);
  for (int i = 0; i < 12; ++i) {
    CallAll();
    postgres_.MoveClock(absl::Hours(27));
    postgres_.Execute("UPDATE webhook_endpoints SET failing_since_time = NULL");  // Else it would be disabled first.
  }
  EXPECT_EQ(receiver_.Heard().size(), 10u);
  EXPECT_EQ(Attempts(endpoint.name())[0].outcome(), v1::WebhookAttempt::GIVEN_UP);
}

TEST_F(WebhookEventsTest, ASystemThatFailsIsLetAloneAndThenTriedWithOneCall) {
  const v1::WebhookEndpoint endpoint = Make({"message.created"});
  Happen(6);
  receiver_.Answer(500);
  CallAll();
  EXPECT_EQ(receiver_.Heard().size(), 6u) << "four at once, then two";
  EXPECT_TRUE(Get(endpoint.name()).has_retry_time());
  EXPECT_TRUE(Get(endpoint.name()).has_failing_since_time());
  postgres_.MoveClock(absl::Seconds(20));
  CallAll();
  EXPECT_EQ(receiver_.Heard().size(), 6u) << "it is let alone";
  postgres_.MoveClock(absl::Minutes(1));
  CallAll();
  EXPECT_EQ(receiver_.Heard().size(), 7u) << "one call tries it";
  receiver_.Answer(200);
  postgres_.MoveClock(absl::Minutes(10));
  CallAll();
  EXPECT_EQ(receiver_.Heard().size(), 13u) << "it is back, and told everything";
  EXPECT_FALSE(Get(endpoint.name()).has_retry_time());
  EXPECT_FALSE(Get(endpoint.name()).has_failing_since_time());
}

TEST_F(WebhookEventsTest, ASystemThatFailsForFiveDaysIsDisabledAndEverybodyHearsOfIt) {
  const v1::WebhookEndpoint endpoint = Make({"message.created"});
  Happen(1);
  receiver_.Answer(500);
  CallAll();
  postgres_.MoveClock(absl::Hours(5 * 24 + 1));
  CallAll();
  const v1::WebhookEndpoint disabled = Get(endpoint.name());
  EXPECT_EQ(disabled.state(), v1::WebhookEndpoint::DISABLED);
  EXPECT_EQ(disabled.disabled_reason(), v1::WebhookEndpoint::FAILING);
  EXPECT_EQ(postgres_.QueryValue("SELECT count(*) FROM event WHERE type = 'webhook.changed' AND revision = 2"), "1");
}

TEST_F(WebhookEventsTest, ASystemThatIsGoneIsToldTheRestOnceItIsBackAndAsked) {
  const v1::WebhookEndpoint endpoint = Make({"message.created"});
  Happen(1);
  receiver_.Answer(410);
  CallAll();
  EXPECT_EQ(Get(endpoint.name()).disabled_reason(), v1::WebhookEndpoint::GONE);
  Happen(2);
  receiver_.Answer(200);
  CallAll();
  EXPECT_EQ(receiver_.Heard().size(), 1u) << "nobody calls it any more";

  EXPECT_EQ(Switch(endpoint.name(), v1::WebhookEndpoint::ACTIVE).disabled_reason(),
            v1::WebhookEndpoint::DISABLED_REASON_UNSPECIFIED);
  EXPECT_EQ(Replay(endpoint.name(), false).replayed_count(), 3);
  CallAll();
  EXPECT_EQ(receiver_.Heard().size(), 4u);
  EXPECT_EQ(Replay(endpoint.name(), false).replayed_count(), 0);
  EXPECT_EQ(Replay(endpoint.name(), true).replayed_count(), 3);
}

TEST_F(WebhookEventsTest, ATestIsSentOnceToADisabledSystemToo) {
  const v1::WebhookEndpoint endpoint = Make({"message.created"});
  EXPECT_EQ(Switch(endpoint.name(), v1::WebhookEndpoint::DISABLED).disabled_reason(), v1::WebhookEndpoint::MANUAL);
  Happen(1);
  receiver_.Answer(500);
  const std::string webhook_id = Test(endpoint.name());
  CallAll();
  postgres_.MoveClock(absl::Hours(1));
  CallAll();
  const std::vector<httplib::Request> heard = receiver_.Heard();
  ASSERT_EQ(heard.size(), 1u);
  EXPECT_EQ(heard[0].get_header_value("webhook-id"), webhook_id);
  EXPECT_EQ(nlohmann::json::parse(heard[0].body)["type"], "webhook.test");
  EXPECT_EQ(Attempts(endpoint.name())[0].outcome(), v1::WebhookAttempt::GIVEN_UP);
}

TEST_F(WebhookEventsTest, ASecretIsChangedWithoutMissingACall) {
  const v1::WebhookEndpoint endpoint = Make({"message.created"});
  const std::string former = Secrets(endpoint.name()).secret();
  v1::RotateWebhookSecretRequest request;
  request.set_name(endpoint.name());
  request.mutable_overlap()->set_seconds(3600);
  v1::WebhookEndpoint rotated;
  ASSERT_THAT(webhooks_->RotateWebhookSecret(AsAdmin().get(), request, &rotated), IsOk());
  EXPECT_TRUE(rotated.has_former_secret_expire_time());
  const v1::WebhookSecrets secrets = Secrets(endpoint.name());
  EXPECT_EQ(secrets.former_secret(), former);
  EXPECT_NE(secrets.secret(), former);
  Happen(1);
  CallAll();
  const httplib::Request both = receiver_.Heard().at(0);
  EXPECT_EQ(both.get_header_value("webhook-signature"), SignatureOf(both, {secrets.secret(), former}));

  postgres_.MoveClock(absl::Hours(2));
  EXPECT_EQ(Secrets(endpoint.name()).former_secret(), "");
  Test(endpoint.name());
  CallAll();
  const httplib::Request one = receiver_.Heard().at(1);
  EXPECT_EQ(one.get_header_value("webhook-signature"), SignatureOf(one, {secrets.secret()}));
}

TEST_F(WebhookEventsTest, SecretsAreSealedInTheDatabase) {
  const v1::WebhookEndpoint endpoint = Make({});
  const std::string secret = *SecretFromText(Secrets(endpoint.name()).secret());
  const std::string stored = postgres_.QueryValue("SELECT encode(secret, 'base64') FROM webhook_endpoints");
  std::string bytes;
  ASSERT_TRUE(absl::Base64Unescape(stored, &bytes));
  EXPECT_EQ(bytes.find(secret), std::string::npos);
}

TEST_F(WebhookEventsTest, ARedirectIsNotFollowed) {
  const v1::WebhookEndpoint endpoint = Make({"message.created"});
  Happen(1);
  receiver_.AnswerBy([this](const httplib::Request& request) {
    httplib::Response answer;
    answer.status = request.path == "/hook" ? 302 : 200;
    answer.set_header("Location", receiver_.url() + "/elsewhere");
    return answer;
  });
  CallAll();
  EXPECT_EQ(receiver_.Heard().size(), 1u);
  EXPECT_EQ(Attempts(endpoint.name())[0].status(), 302);
  EXPECT_EQ(Attempts(endpoint.name())[0].outcome(), v1::WebhookAttempt::PUT_OFF);
}

TEST_F(WebhookEventsTest, OfALongAnswerTheBeginningIsEnough) {
  const v1::WebhookEndpoint endpoint = Make({"message.created"});
  Happen(1);
  receiver_.Answer(200, std::string(8 << 20, 'a'));
  CallAll();
  EXPECT_EQ(Attempts(endpoint.name())[0].outcome(), v1::WebhookAttempt::HEARD);
  EXPECT_EQ(Attempts(endpoint.name())[0].text(), std::string(512, 'a'));
}

TEST_F(WebhookEventsTest, WhatAStoppedSenderHadInHandIsToldLaterUnderTheSameId) {
  Make({"message.created"});
  Happen(1);
  Cancellation stopped;
  stopped.Cancel();
  EXPECT_THAT(notifications_->webhook_sender().Step(stopped), IsOk());
  CallAll();
  EXPECT_EQ(receiver_.Heard().size(), 0u) << "until its lease ends";
  postgres_.MoveClock(absl::Seconds(61));
  CallAll();
  EXPECT_EQ(receiver_.Heard().size(), 1u);
}

TEST_F(WebhookEventsTest, AnEndpointThatIsRemovedIsForgottenWithItsLog) {
  const v1::WebhookEndpoint endpoint = Make({"message.created"});
  Happen(1);
  CallAll();
  v1::DeleteWebhookEndpointRequest request;
  request.set_name(endpoint.name());
  request.set_etag(endpoint.etag());
  google::protobuf::Empty nothing;
  ASSERT_THAT(webhooks_->DeleteWebhookEndpoint(AsAdmin().get(), request, &nothing), IsOk());
  EXPECT_EQ(postgres_.QueryValue("SELECT count(*) FROM webhook_attempts"), "0");
  v1::GetWebhookEndpointRequest get;
  get.set_name(endpoint.name());
  v1::WebhookEndpoint none;
  EXPECT_THAT(webhooks_->GetWebhookEndpoint(AsAdmin().get(), get, &none),
              StatusIs(absl::StatusCode::kNotFound, "WEBHOOK_ENDPOINT_NOT_FOUND"));
}

TEST_F(WebhookEventsTest, EndpointsAndAttemptsComeInPages) {
  for (int i = 0; i < 3; ++i) Make({"message.created"});
  v1::ListWebhookEndpointsRequest request;
  request.set_page_size(2);
  v1::ListWebhookEndpointsResponse page;
  ASSERT_THAT(webhooks_->ListWebhookEndpoints(AsAdmin().get(), request, &page), IsOk());
  EXPECT_EQ(page.webhook_endpoints_size(), 2);
  request.set_page_token(page.next_page_token());
  ASSERT_THAT(webhooks_->ListWebhookEndpoints(AsAdmin().get(), request, &page), IsOk());
  EXPECT_EQ(page.webhook_endpoints_size(), 1);
  EXPECT_EQ(page.next_page_token(), "");

  const std::string name = page.webhook_endpoints(0).name();
  Test(name);
  Test(name);
  CallAll();
  v1::ListWebhookAttemptsRequest attempts;
  attempts.set_parent(name);
  attempts.set_page_size(1);
  v1::ListWebhookAttemptsResponse some;
  ASSERT_THAT(webhooks_->ListWebhookAttempts(AsAdmin().get(), attempts, &some), IsOk());
  ASSERT_EQ(some.attempts_size(), 1);
  attempts.set_page_token(some.next_page_token());
  ASSERT_THAT(webhooks_->ListWebhookAttempts(AsAdmin().get(), attempts, &some), IsOk());
  EXPECT_EQ(some.attempts_size(), 1);
  EXPECT_EQ(some.next_page_token(), "");
}

TEST_F(WebhookEventsTest, ATypeThatNoEventHasIsRefused) {
  v1::CreateWebhookEndpointRequest request;
  request.mutable_webhook_endpoint()->set_url(receiver_.url());
  request.mutable_webhook_endpoint()->add_event_types("message.creatd");
  v1::WebhookEndpoint endpoint;
  EXPECT_THAT(webhooks_->CreateWebhookEndpoint(AsAdmin().get(), request, &endpoint),
              StatusIs(absl::StatusCode::kInvalidArgument, "INVALID_FIELD"));
}

// As in production: the public internet only.
class GuardedWebhooksTest : public QuietNewsroomTest {
 protected:
  GuardedWebhooksTest() : webhooks_(v1::WebhookService::NewStub(server_->Channel())) {}

  std::unique_ptr<v1::WebhookService::Stub> webhooks_;
  HttpReceiver receiver_;
};

TEST_F(GuardedWebhooksTest, AnEndpointInAPrivateNetworkIsRefused) {
  for (const auto& [url, reason] :
       std::vector<std::pair<std::string, std::string>>{{"http://hooks.example/", "NON_HTTPS_WEBHOOK"},
                                                        {"https://127.0.0.1/", "WEBHOOK_ADDRESS_FORBIDDEN"},
                                                        {"https://169.254.169.254/latest", "WEBHOOK_ADDRESS_FORBIDDEN"},
                                                        {"https://[::ffff:10.0.0.1]/", "WEBHOOK_ADDRESS_FORBIDDEN"},
                                                        {"https://localhost/", "WEBHOOK_ADDRESS_FORBIDDEN"}}) {
    v1::CreateWebhookEndpointRequest request;
    request.mutable_webhook_endpoint()->set_url(url);
    v1::WebhookEndpoint endpoint;
    EXPECT_THAT(webhooks_->CreateWebhookEndpoint(As(server_->StaffToken({"admin"})).get(), request, &endpoint),
                StatusIs(absl::StatusCode::kInvalidArgument, reason))
        << url;
  }
}

TEST_F(GuardedWebhooksTest, ANameThatCameToLeadIntoAPrivateNetworkIsNotCalled) {
  v1::CreateWebhookEndpointRequest request;
  request.mutable_webhook_endpoint()->set_url("https://hooks.invalid/");
  v1::WebhookEndpoint endpoint;
  ASSERT_THAT(webhooks_->CreateWebhookEndpoint(As(server_->StaffToken({"admin"})).get(), request, &endpoint), IsOk());
  postgres_.Execute(absl::StrCat("UPDATE webhook_endpoints SET url = '", receiver_.url(), "'"));
  v1::TestWebhookRequest test;
  test.set_name(endpoint.name());
  v1::TestWebhookResponse response;
  ASSERT_THAT(webhooks_->TestWebhook(As(server_->StaffToken({"admin"})).get(), test, &response), IsOk());
  const Cancellation never;
  EXPECT_THAT(notifications_->webhook_sender().Step(never), IsOk());
  EXPECT_EQ(receiver_.Heard().size(), 0u);
  EXPECT_EQ(postgres_.QueryValue("SELECT outcome FROM webhook_attempts"), "GIVEN_UP");
}

}  // namespace
}  // namespace masthead::notifications::webhooks
