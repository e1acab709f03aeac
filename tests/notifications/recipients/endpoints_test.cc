// How recipients are reached: what is taken, and how little of it is given back.
#include "services/notifications/recipients/endpoint_target.h"
#include "tests/notifications/recipients/choices_testing.h"

namespace masthead::notifications {
namespace {

using absl::StatusCode;
using ::masthead::testing::IsOk;
using ::masthead::testing::StatusIs;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

constexpr char kPublicKey[] = "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4";
constexpr char kAuth[] = "BTBZMqHH6r4Tts7J_aSIgg";

v1::CreateEndpointRequest Browser(const std::string& recipient, const std::string& url = "https://push.example/one") {
  v1::CreateEndpointRequest request;
  request.set_parent(recipient);
  request.mutable_endpoint()->mutable_web_push()->set_endpoint(url);
  request.mutable_endpoint()->mutable_web_push()->set_p256dh(kPublicKey);
  request.mutable_endpoint()->mutable_web_push()->set_auth(kAuth);
  return request;
}

class EndpointsTest : public ChoicesTest {};

TEST_F(EndpointsTest, ABrowserIsSealedAtRestAndNeverGivenBack) {
  AddReader("olha", {});
  v1::Endpoint endpoint;
  ASSERT_THAT(recipients_->CreateEndpoint(AsMember("olha").get(), Browser("recipients/olha"), &endpoint), IsOk());
  EXPECT_EQ(endpoint.channel(), v1::WEB_PUSH);
  EXPECT_EQ(endpoint.state(), v1::Endpoint::ACTIVE);
  EXPECT_TRUE(endpoint.has_web_push());
  EXPECT_THAT(endpoint.DebugString(), Not(HasSubstr("push.example")));
  EXPECT_EQ(postgres_.QueryValue("SELECT count(*) FROM endpoints WHERE position('push.example'::bytea IN target) > 0"),
            "0");
  const std::string id = endpoint.name().substr(endpoint.name().rfind('/') + 1);
  const std::string sealed =
      postgres_.QueryValue("SELECT encode(target, 'hex') FROM endpoints WHERE id = '" + id + "'");
  const auto target = OpenTarget(notifications_->targets_key(), "olha", id, absl::HexStringToBytes(sealed));
  ASSERT_TRUE(target.ok());
  EXPECT_EQ(target->url, "https://push.example/one");
  EXPECT_FALSE(OpenTarget(notifications_->targets_key(), "taras", id, absl::HexStringToBytes(sealed)).ok())
      << "it cannot be moved to somebody else";

  v1::Endpoint again;
  ASSERT_THAT(recipients_->CreateEndpoint(AsMember("olha").get(), Browser("recipients/olha"), &again), IsOk());
  EXPECT_EQ(again.name(), endpoint.name()) << "what is there is not made again";
}

TEST_F(EndpointsTest, ABrowsersKeysAreRenewedAndItIsRemoved) {
  const v1::Recipient recipient = CreateRecipient();
  v1::Endpoint endpoint;
  ASSERT_THAT(recipients_->CreateEndpoint(AsBackend().get(), Browser(recipient.name()), &endpoint), IsOk());
  v1::UpdateEndpointRequest renew;
  *renew.mutable_endpoint() = Browser(recipient.name(), "https://push.example/two").endpoint();
  renew.mutable_endpoint()->set_name(endpoint.name());
  renew.mutable_endpoint()->set_etag("\"stale\"");
  EXPECT_THAT(recipients_->UpdateEndpoint(AsBackend().get(), renew, &endpoint),
              StatusIs(StatusCode::kAborted, "ETAG_MISMATCH"));
  renew.mutable_endpoint()->set_etag(endpoint.etag());
  v1::Endpoint renewed;
  ASSERT_THAT(recipients_->UpdateEndpoint(AsBackend().get(), renew, &renewed), IsOk());
  EXPECT_NE(renewed.etag(), endpoint.etag());

  v1::DeleteEndpointRequest remove;
  remove.set_name(endpoint.name());
  remove.set_etag(renewed.etag());
  google::protobuf::Empty nothing;
  ASSERT_THAT(recipients_->DeleteEndpoint(AsBackend().get(), remove, &nothing), IsOk());
  v1::GetEndpointRequest get;
  get.set_name(endpoint.name());
  EXPECT_THAT(recipients_->GetEndpoint(AsBackend().get(), get, &renewed),
              StatusIs(StatusCode::kNotFound, "ENDPOINT_NOT_FOUND"));
}

TEST_F(EndpointsTest, AMembersAddressFollowsMemberships) {
  AddReader("olha", {});
  v1::ListEndpointsRequest list;
  list.set_parent("recipients/olha");
  v1::ListEndpointsResponse response;
  ASSERT_THAT(recipients_->ListEndpoints(AsMember("olha").get(), list, &response), IsOk());
  ASSERT_THAT(response.endpoints(), SizeIs(1));
  EXPECT_EQ(response.endpoints(0).email_address(), "o***@readers.example");

  v1::DeleteEndpointRequest remove;
  remove.set_name(response.endpoints(0).name());
  remove.set_etag("*");
  google::protobuf::Empty nothing;
  EXPECT_THAT(recipients_->DeleteEndpoint(AsMember("olha").get(), remove, &nothing),
              StatusIs(StatusCode::kFailedPrecondition, "RECIPIENT_OF_A_MEMBER"));
  v1::CreateEndpointRequest create;
  create.set_parent("recipients/olha");
  create.mutable_endpoint()->set_email_address("else@readers.example");
  v1::Endpoint endpoint;
  EXPECT_THAT(recipients_->CreateEndpoint(AsMember("olha").get(), create, &endpoint),
              StatusIs(StatusCode::kFailedPrecondition, "RECIPIENT_OF_A_MEMBER"));
}

TEST_F(EndpointsTest, AreNobodyElsesBusiness) {
  AddReader("olha", {});
  AddReader("taras", {});
  v1::ListEndpointsRequest list;
  list.set_parent("recipients/olha");
  v1::ListEndpointsResponse response;
  EXPECT_THAT(recipients_->ListEndpoints(AsMember("taras").get(), list, &response),
              StatusIs(StatusCode::kNotFound, "RECIPIENT_NOT_FOUND"));
  v1::Endpoint endpoint;
  EXPECT_THAT(recipients_->CreateEndpoint(AsMember("taras").get(), Browser("recipients/olha"), &endpoint),
              StatusIs(StatusCode::kNotFound, "RECIPIENT_NOT_FOUND"));
}

TEST_F(EndpointsTest, ATelephoneNumberIsTakenOnlyFromWhoVouchesForIt) {
  AddReader("olha", {});
  v1::CreateEndpointRequest request;
  request.set_parent("recipients/olha");
  request.mutable_endpoint()->set_phone_number("+380501234567");
  v1::Endpoint endpoint;
  EXPECT_THAT(recipients_->CreateEndpoint(AsMember("olha").get(), request, &endpoint),
              StatusIs(StatusCode::kInvalidArgument, "INVALID_FIELD"));
  request.set_verified(true);
  EXPECT_THAT(recipients_->CreateEndpoint(AsMember("olha").get(), request, &endpoint),
              StatusIs(StatusCode::kInvalidArgument, "INVALID_FIELD"));
  ASSERT_THAT(recipients_->CreateEndpoint(AsBackend().get(), request, &endpoint), IsOk());
  EXPECT_EQ(endpoint.phone_number(), "+380*******67");
}

TEST_F(EndpointsTest, AreTwentyAtMost) {
  const v1::Recipient recipient = CreateRecipient();
  v1::Endpoint endpoint;
  for (int i = 0; i < 20; ++i) {
    ASSERT_THAT(recipients_->CreateEndpoint(
                    AsBackend().get(), Browser(recipient.name(), absl::StrCat("https://push.example/", i)), &endpoint),
                IsOk());
  }
  EXPECT_THAT(
      recipients_->CreateEndpoint(AsBackend().get(), Browser(recipient.name(), "https://push.example/more"), &endpoint),
      StatusIs(StatusCode::kResourceExhausted, "TOO_MANY_ENDPOINTS"));
}

TEST_F(EndpointsTest, AnAddressWaitsUntilItsOwnerConfirmsIt) {
  const v1::Recipient recipient = CreateRecipient("en-GB");
  const v1::Endpoint endpoint = CreateMailbox(recipient.name(), "Olha@readers.example", /*verified=*/false);
  EXPECT_EQ(endpoint.state(), v1::Endpoint::PENDING);
  CreateMailbox(recipient.name(), "olha@Readers.example", /*verified=*/false);
  v1::ConfirmSubscriptionRequest confirm;
  confirm.set_token(ConfirmationToken("Olha@readers.example"));
  v1::ConfirmSubscriptionResponse confirmed;
  for (int i = 0; i < 2; ++i) {
    ASSERT_THAT(subscriptions_->ConfirmSubscription(Anonymous().get(), confirm, &confirmed), IsOk());
    EXPECT_EQ(GetEndpoint(endpoint.name()).state(), v1::Endpoint::ACTIVE);
  }
  EXPECT_EQ(confirmed.locale(), "en-GB");
  EXPECT_THAT(LettersToAddress("Olha@readers.example"), SizeIs(1)) << "asking twice within the hour is asking once";
  confirm.set_token(confirm.token().substr(1));
  EXPECT_THAT(subscriptions_->ConfirmSubscription(Anonymous().get(), confirm, &confirmed),
              StatusIs(StatusCode::kPermissionDenied, "TOKEN_INVALID"));
}

TEST_F(EndpointsTest, EndByThemselves) {
  const v1::Recipient recipient = CreateRecipient();
  v1::Endpoint browser;
  ASSERT_THAT(recipients_->CreateEndpoint(AsBackend().get(), Browser(recipient.name()), &browser), IsOk());
  CreateMailbox(recipient.name(), "never@readers.example", /*verified=*/false);
  postgres_.QueryValue(
      "UPDATE endpoints SET expire_time = db_now() - interval '1 second' WHERE channel = 'WEB_PUSH' RETURNING 1");
  postgres_.QueryValue(
      "UPDATE endpoints SET create_time = db_now() - interval '8 days' WHERE channel = 'EMAIL' RETURNING 1");
  const Cancellation never;
  ASSERT_TRUE(notifications_->choices_expiry().Step(never).ok());
  EXPECT_EQ(GetEndpoint(browser.name()).state(), v1::Endpoint::EXPIRED);
  EXPECT_EQ(postgres_.QueryValue("SELECT count(*) FROM endpoints WHERE channel = 'EMAIL'"), "0");
}

}  // namespace
}  // namespace masthead::notifications
