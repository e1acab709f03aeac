// A whole memberships service on an empty database, over gRPC and TLS, and callers of every kind.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "common/clock/clock.h"
#include "common/crypto/mac.h"
#include "common/rpc/channel.h"
#include "google/protobuf/text_format.h"
#include "gtest/gtest.h"
#include "masthead/memberships/v1/admin_service.grpc.pb.h"
#include "masthead/memberships/v1/entitlements_service.grpc.pb.h"
#include "masthead/memberships/v1/events_service.grpc.pb.h"
#include "masthead/memberships/v1/member_exchange_service.grpc.pb.h"
#include "masthead/memberships/v1/members_service.grpc.pb.h"
#include "masthead/memberships/v1/payment_providers_service.grpc.pb.h"
#include "masthead/memberships/v1/plans_service.grpc.pb.h"
#include "masthead/memberships/v1/privacy_service.grpc.pb.h"
#include "masthead/memberships/v1/sign_in_service.grpc.pb.h"
#include "masthead/memberships/v1/subscriptions_service.grpc.pb.h"
#include "masthead/memberships/v1/tokens_service.grpc.pb.h"
#include "services/memberships/memberships.h"
#include "services/memberships/payments/providers.h"
#include "tests/memberships/notifications_stand_in.h"
#include "tests/memberships/payments/test_providers.h"
#include "tests/support/status_matchers.h"
#include "tests/support/test_certificates.h"
#include "tests/support/test_database.h"
#include "tests/support/test_server.h"

namespace masthead::memberships {

// A request in text form.
template <typename Message>
Message Text(const std::string& text) {
  Message message;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &message)) << text;
  return message;
}

class NewsroomTest : public ::testing::Test {
 protected:
  using Members = v1::MembersService::Stub;
  using Privacy = v1::PrivacyService::Stub;
  using MemberExchange = v1::MemberExchangeService::Stub;
  using Plans = v1::PlansService::Stub;
  using Subscriptions = v1::SubscriptionsService::Stub;
  using Entitlements = v1::EntitlementsService::Stub;
  using Tokens = v1::TokensService::Stub;
  using Admin = v1::AdminService::Stub;
  using PaymentProviders = v1::PaymentProvidersService::Stub;
  using Events = v1::EventsService::Stub;
  using SignIn = v1::SignInService::Stub;

  static inline const SignInOptions kSignIn = {.sign_in_url = "https://news.example/sign-in",
                                               .email_change_url = "https://news.example/email-change",
                                               .redirect_origins = {"https://www.news.example"},
                                               .blocked_domains = {"throwaway.example"}};

  // Calls with a bearer token; without one if it is empty.
  template <typename Stub, typename Request, typename Response>
  absl::StatusOr<Response> Call(const std::string& token,
                                grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Response*),
                                const Request& request) {
    return CallOn(server_.Channel(), token, method, request);
  }

  // Calls with the certificate of another service.
  template <typename Stub, typename Request, typename Response>
  absl::StatusOr<Response> CallAs(const std::string& service,
                                  grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Response*),
                                  const Request& request) {
    return CallOn(server_.ChannelAs(service), "", method, request);
  }

  template <typename Stub, typename Request, typename Response>
  absl::StatusOr<Response> CallOn(std::shared_ptr<grpc::Channel> channel, const std::string& token,
                                  grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Response*),
                                  const Request& request) {
    Stub stub(channel);
    grpc::ClientContext context;
    rpc::Prepare(context, absl::Now() + absl::Seconds(20));
    if (!token.empty()) testing::Authorize(context, token);
    Response response;
    const grpc::Status status = (stub.*method)(&context, request, &response);
    if (!status.ok()) return rpc::FromGrpcStatus(status);
    return response;
  }

  // The backend that most tests call as: reads and writes members.
  std::string Backend() { return server_.BackendToken({"members.read", "members.write"}); }

  v1::Member Register(const std::string& id, const std::string& email) {
    v1::CreateMemberRequest request;
    request.set_member_id(id);
    request.mutable_member()->set_email(email);
    const absl::StatusOr<v1::Member> member = Call(Backend(), &Members::CreateMember, request);
    EXPECT_THAT(member, testing::IsOk());
    return member.ok() ? *member : v1::Member();
  }

  v1::Tier MakeTier(const std::string& id) {
    v1::CreateTierRequest request;
    request.set_tier_id(id);
    request.mutable_tier()->set_display_name(id);
    const absl::StatusOr<v1::Tier> tier = Call(Backend(), &Plans::CreateTier, request);
    EXPECT_THAT(tier, testing::IsOk());
    return tier.ok() ? *tier : v1::Tier();
  }

  // For good, or for `length` from now.
  absl::StatusOr<v1::Grant> GrantTier(const std::string& member_id, const std::string& tier_id,
                                      absl::Duration length = absl::InfiniteDuration()) {
    v1::CreateGrantRequest request;
    request.set_parent("members/" + member_id);
    request.mutable_grant()->set_tier("tiers/" + tier_id);
    if (length != absl::InfiniteDuration()) {
      request.mutable_grant()->mutable_end_time()->set_seconds(absl::ToUnixSeconds(DatabaseNow() + length));
    }
    return Call(Backend(), &Subscriptions::CreateGrant, request);
  }

  // As far as this test moved it.
  absl::Time DatabaseNow() { return absl::Now() + moved_; }
  void MoveTime(absl::Duration by) {
    moved_ += by;
    database_.MoveClock(by);
    clock_.Advance(by);
  }

  // Hands every letter that is due to the stand-in for notifications.
  void SendMail() {
    for (absl::StatusOr<bool> more = true; more.ok() && *more;) {
      more = memberships_.mail_worker().Step({});
      EXPECT_THAT(more, testing::IsOk());
    }
  }

  // All events so far, oldest first.
  std::vector<v1::Event> Feed() {
    v1::ListEventsRequest request;
    request.set_max_batch_size(1000);
    const absl::StatusOr<v1::ListEventsResponse> response = CallAs("notifications", &Events::ListEvents, request);
    EXPECT_THAT(response, testing::IsOk());
    if (!response.ok()) return {};
    return {response->events().begin(), response->events().end()};
  }

  std::vector<v1::Event> FeedOf(const std::string& type) {
    std::vector<v1::Event> events;
    for (v1::Event& event : Feed()) {
      if (event.type() == type) events.push_back(std::move(event));
    }
    return events;
  }

  testing::TestDatabase database_{Schema()};
  absl::Duration moved_;
  ManualClock clock_{absl::Now()};
  const std::string signing_pem_ = auth::SigningKey::Generate()->pem();
  const std::string former_pem_ = auth::SigningKey::Generate()->pem();
  const std::unique_ptr<SigningKeys> keys_ = *SigningKeys::FromPem(signing_pem_, {testing::PublicKeyPem(former_pem_)});
  const crypto::MacKey mac_key_ = crypto::MacKey::Random();
  const std::unique_ptr<AddressKeys> address_keys_ = *AddressKeys::FromText(std::string(64, '5'));
  const std::unique_ptr<Providers> providers_ = WithTestMethods(database_.database(), mac_key_);
  NotificationsStandIn notifications_;
  const Needs needs_ = {.database = database_.database(),
                        .clock = clock_,
                        .mac_key = mac_key_,
                        .signing_keys = *keys_,
                        .address_keys = *address_keys_,
                        .providers = *providers_,
                        .notifications = notifications_.channel()};
  Memberships memberships_{needs_, {.sign_in = kSignIn, .checkout_origins = {"https://www.news.example"}}};
  testing::TestServer server_{memberships_.services()};
};

}  // namespace masthead::memberships
