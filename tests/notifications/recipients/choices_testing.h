// A newsroom with stubs for what recipients choose.
#pragma once

#include <memory>
#include <string>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "gmock/gmock.h"
#include "masthead/notifications/v1/recipient_service.grpc.pb.h"
#include "masthead/notifications/v1/suppression_service.grpc.pb.h"
#include "tests/notifications/support/newsroom.h"
#include "tests/support/status_matchers.h"

namespace masthead::notifications {

class ChoicesTest : public NewsroomTest {
 protected:
  explicit ChoicesTest(bool workers = true)
      : NewsroomTest(nullptr, workers),
        recipients_(v1::RecipientService::NewStub(server_->Channel())),
        suppressions_(v1::SuppressionService::NewStub(server_->Channel())) {}

  v1::Recipient CreateRecipient(const std::string& locale = "") {
    v1::CreateRecipientRequest request;
    request.mutable_recipient()->set_locale(locale);
    v1::Recipient recipient;
    EXPECT_THAT(recipients_->CreateRecipient(AsBackend().get(), request, &recipient), ::masthead::testing::IsOk());
    return recipient;
  }

  v1::Endpoint CreateMailbox(const std::string& recipient, const std::string& address, bool verified = true) {
    v1::CreateEndpointRequest request;
    request.set_parent(recipient);
    request.mutable_endpoint()->set_email_address(address);
    request.set_verified(verified);
    v1::Endpoint endpoint;
    EXPECT_THAT(recipients_->CreateEndpoint(AsBackend().get(), request, &endpoint), ::masthead::testing::IsOk());
    return endpoint;
  }

  v1::Endpoint GetEndpoint(const std::string& name) {
    v1::GetEndpointRequest request;
    request.set_name(name);
    v1::Endpoint endpoint;
    EXPECT_THAT(recipients_->GetEndpoint(AsBackend().get(), request, &endpoint), ::masthead::testing::IsOk());
    return endpoint;
  }

  void CreateTopic(const std::string& id, v1::Topic::OptIn opt_in = v1::Topic::SINGLE) {
    v1::CreateTopicRequest request;
    request.set_topic_id(id);
    (*request.mutable_topic()->mutable_display_names())["en"] = absl::StrCat("The <", id, ">");
    request.mutable_topic()->set_opt_in(opt_in);
    v1::Topic topic;
    EXPECT_THAT(subscriptions_->CreateTopic(AsEditor().get(), request, &topic), ::masthead::testing::IsOk());
  }

  // Follows, or makes another choice about, a topic.
  grpc::Status Follow(const std::string& recipient, const std::string& topic, v1::Subscription* subscription) {
    v1::UpdateSubscriptionRequest request;
    *request.mutable_subscription() = *subscription;
    request.mutable_subscription()->set_name(absl::StrCat(recipient, "/subscriptions/", topic));
    request.mutable_subscription()->set_state(v1::Subscription::ACTIVE);
    request.mutable_subscription()->set_etag("*");
    request.set_allow_missing(true);
    return subscriptions_->UpdateSubscription(AsBackend().get(), request, subscription);
  }

  std::vector<mail::SmtpSink::Message> LettersToAddress(const std::string& address) {
    std::vector<mail::SmtpSink::Message> letters;
    for (const mail::SmtpSink::Message& letter : sink_.messages()) {
      if (letter.rcpt_to == address) letters.push_back(letter);
    }
    return letters;
  }

  // The token in the link of the last letter to `address`, once there is one.
  std::string ConfirmationToken(const std::string& address, size_t letters = 1) {
    Until("the letter is there", [&] { return LettersToAddress(address).size() >= letters; });
    const std::string text = absl::StrReplaceAll(LettersToAddress(address).back().bytes, {{"=\r\n", ""}});
    const std::string start = "https://news.example/c/";
    const size_t begin = text.find(start);
    EXPECT_NE(begin, std::string::npos) << text;
    if (begin == std::string::npos) return "";
    return text.substr(begin + start.size(),
                       text.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_",
                                              begin + start.size()) -
                           begin - start.size());
  }

  std::unique_ptr<v1::RecipientService::Stub> recipients_;
  std::unique_ptr<v1::SuppressionService::Stub> suppressions_;
};

}  // namespace masthead::notifications
