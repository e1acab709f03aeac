// The notifications service as a whole, for tests: real Postgres, a real SMTP server, real gRPC over TLS; articles and
// memberships are stand-ins.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "common/crypto/mac.h"
#include "gtest/gtest.h"
#include "masthead/notifications/v1/delivery_service.grpc.pb.h"
#include "masthead/notifications/v1/events_service.grpc.pb.h"
#include "masthead/notifications/v1/message_service.grpc.pb.h"
#include "masthead/notifications/v1/subscription_service.grpc.pb.h"
#include "services/notifications/notifications.h"
#include "services/notifications/schema.h"
#include "tests/notifications/mail/smtp_sink.h"
#include "tests/notifications/support/articles_stand_in.h"
#include "tests/notifications/support/memberships_stand_in.h"
#include "tests/support/test_database.h"
#include "tests/support/test_server.h"

namespace masthead::notifications {

class NewsroomTest : public ::testing::Test {
 protected:
  // Consumers run; fan-out and senders run too if `workers`, else a test does their steps.
  explicit NewsroomTest(const std::function<void(NotificationsOptions&)>& adjust = nullptr, bool workers = true);
  ~NewsroomTest() override;

  // Waits until it is so; fails the test if that takes longer than 20 s.
  void Until(const char* what, const std::function<bool()>& condition);

  // Members with the mailbox <id>@readers.example who follow `topics`, known to notifications when this returns.
  void AddReader(const std::string& id, const std::vector<std::string>& topics, const std::string& locale = "",
                 const std::vector<std::string>& tiers = {});
  void UntilRecipientsAre(int64_t count);
  void UntilSubscribed(const std::string& reader, const std::string& topic, const std::string& state);

  // The message about an article, once there is one.
  v1::Message MessageAbout(const std::string& article);
  v1::Message GetMessage(const std::string& name);
  int64_t CountMessages();
  // Watches the message to its end.
  v1::Message UntilEnded(const std::string& name);
  std::vector<v1::Delivery> Deliveries(const std::string& message);
  v1::Delivery DeliveryTo(const std::string& message, const std::string& reader);
  // "<recipient>: <reason>", in order.
  std::vector<std::string> Exclusions(const std::string& message);
  std::vector<mail::SmtpSink::Message> LettersTo(const std::string& reader);

  // Steps of the workers, for tests without them. A fail point's exception is an error here, as it is there.
  absl::Status FanOutAll();
  absl::Status FanOutStep();
  // Sends until nothing is due.
  absl::Status SendAll();
  absl::Status SendStep();

  // A context with a token of this kind.
  std::unique_ptr<grpc::ClientContext> As(const std::string& token) const;
  std::unique_ptr<grpc::ClientContext> AsBackend() const;
  std::unique_ptr<grpc::ClientContext> AsSupport() const { return As(server_->StaffToken({"support"})); }
  std::unique_ptr<grpc::ClientContext> AsEditor() const { return As(server_->StaffToken({"editor"})); }
  std::unique_ptr<grpc::ClientContext> AsMember(const std::string& id) const {
    return As(server_->MemberToken("members/" + id));
  }
  static std::unique_ptr<grpc::ClientContext> Anonymous();

  std::string UnsubscribeToken(const std::string& reader, const std::string& topic, uint8_t scope = kUnsubscribeTopic);

  ::masthead::testing::TestDatabase postgres_{Schema()};
  mail::SmtpSink sink_;
  ArticlesStandIn articles_;
  MembershipsStandIn memberships_;
  std::unique_ptr<Notifications> notifications_;
  std::unique_ptr<::masthead::testing::TestServer> server_;
  std::unique_ptr<v1::SubscriptionService::Stub> subscriptions_;
  std::unique_ptr<v1::MessageService::Stub> messages_;
  std::unique_ptr<v1::DeliveryService::Stub> deliveries_;
  std::unique_ptr<v1::EventsService::Stub> events_;
};

// The same without fan-out and senders running.
class QuietNewsroomTest : public NewsroomTest {
 protected:
  explicit QuietNewsroomTest(const std::function<void(NotificationsOptions&)>& adjust = nullptr)
      : NewsroomTest(adjust, false) {}
};

}  // namespace masthead::notifications
