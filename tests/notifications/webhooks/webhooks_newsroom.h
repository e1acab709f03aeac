// A newsroom with a system that takes its webhooks.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "masthead/notifications/v1/webhook_service.grpc.pb.h"
#include "nlohmann/json.hpp"
#include "services/notifications/webhooks/signature.h"
#include "tests/notifications/support/http_receiver.h"
#include "tests/notifications/support/newsroom.h"
#include "tests/support/status_matchers.h"

namespace masthead::notifications::webhooks {

class WebhooksNewsroomTest : public QuietNewsroomTest {
 protected:
  WebhooksNewsroomTest()
      : QuietNewsroomTest([](NotificationsOptions& options) { options.webhooks.outbound.allow_private = true; }),
        webhooks_(v1::WebhookService::NewStub(server_->Channel())) {}

  ~WebhooksNewsroomTest() override { notifications_->StopWorkers(); }

  v1::WebhookEndpoint Make(const std::vector<std::string>& event_types) {
    v1::CreateWebhookEndpointRequest request;
    request.mutable_webhook_endpoint()->set_url(receiver_.url() + "/hook");
    for (const std::string& type : event_types) request.mutable_webhook_endpoint()->add_event_types(type);
    v1::WebhookEndpoint endpoint;
    EXPECT_THAT(webhooks_->CreateWebhookEndpoint(AsAdmin().get(), request, &endpoint), ::masthead::testing::IsOk());
    return endpoint;
  }

  v1::WebhookEndpoint Get(const std::string& name) {
    v1::GetWebhookEndpointRequest request;
    request.set_name(name);
    v1::WebhookEndpoint endpoint;
    EXPECT_THAT(webhooks_->GetWebhookEndpoint(AsAdmin().get(), request, &endpoint), ::masthead::testing::IsOk());
    return endpoint;
  }

  v1::WebhookEndpoint Switch(const std::string& name, v1::WebhookEndpoint::State state) {
    v1::UpdateWebhookEndpointRequest request;
    request.mutable_webhook_endpoint()->set_name(name);
    request.mutable_webhook_endpoint()->set_etag("*");
    request.mutable_webhook_endpoint()->set_state(state);
    v1::WebhookEndpoint endpoint;
    EXPECT_THAT(webhooks_->UpdateWebhookEndpoint(AsAdmin().get(), request, &endpoint), ::masthead::testing::IsOk());
    return endpoint;
  }

  v1::WebhookSecrets Secrets(const std::string& name) {
    v1::GetWebhookSecretsRequest request;
    request.set_name(name);
    v1::WebhookSecrets secrets;
    EXPECT_THAT(webhooks_->GetWebhookSecrets(AsAdmin().get(), request, &secrets), ::masthead::testing::IsOk());
    return secrets;
  }

  std::vector<v1::WebhookAttempt> Attempts(const std::string& name) {
    v1::ListWebhookAttemptsRequest request;
    request.set_parent(name);
    v1::ListWebhookAttemptsResponse response;
    EXPECT_THAT(webhooks_->ListWebhookAttempts(AsAdmin().get(), request, &response), ::masthead::testing::IsOk());
    return {response.attempts().begin(), response.attempts().end()};
  }

  // What a call says about itself, signed by these secrets.
  static std::string SignatureOf(const httplib::Request& call, const std::vector<std::string>& secret_texts) {
    std::vector<std::string> secrets;
    for (const std::string& text : secret_texts) secrets.push_back(*SecretFromText(text));
    return Signatures(secrets, call.get_header_value("webhook-id"),
                      std::stoll(call.get_header_value("webhook-timestamp")), call.body);
  }

  std::unique_ptr<grpc::ClientContext> AsAdmin() const { return As(server_->StaffToken({"admin"})); }

  HttpReceiver receiver_;
  std::unique_ptr<v1::WebhookService::Stub> webhooks_;
};

}  // namespace masthead::notifications::webhooks
