// Messages to applications, through a service that answers as Firebase Cloud Messaging and Google's tokens do.
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "common/crypto/mac.h"
#include "common/crypto/openssl_ptr.h"
#include "gmock/gmock.h"
#include "masthead/notifications/v1/recipient_service.grpc.pb.h"
#include "nlohmann/json.hpp"
#include "openssl/evp.h"
#include "openssl/pem.h"
#include "openssl/rsa.h"
#include "services/notifications/mobilepush/service_account.h"
#include "tests/notifications/support/http_receiver.h"
#include "tests/notifications/support/newsroom.h"
#include "tests/support/status_matchers.h"

namespace masthead::notifications::mobilepush {
namespace {

using ::masthead::testing::IsOk;
using ::masthead::testing::StatusIs;
using ::testing::HasSubstr;
using ::testing::Not;

using Key = crypto::OpenSslPtr<EVP_PKEY, EVP_PKEY_free>;

std::string PemOf(EVP_PKEY* key) {
  const crypto::OpenSslPtr<BIO, BIO_free_all> out(BIO_new(BIO_s_mem()));
  PEM_write_bio_PrivateKey(out.get(), key, nullptr, nullptr, 0, nullptr, nullptr);
  char* data = nullptr;
  const auto size = static_cast<size_t>(BIO_get_mem_data(out.get(), &data));
  return std::string(data, size);
}

std::string AccountFile(EVP_PKEY* key, const std::string& token_uri) {
  return nlohmann::json{{"type", "service_account"},
                        {"project_id", "the-example"},
                        {"private_key_id", "key-1"},
                        {"private_key", PemOf(key)},
                        {"client_email", "push@the-example.iam.gserviceaccount.com"},
                        {"token_uri", token_uri}}
      .dump();
}

bool Verifies(EVP_PKEY* key, const std::string& data, const std::string& signature) {
  const crypto::OpenSslPtr<EVP_MD_CTX, EVP_MD_CTX_free> context(EVP_MD_CTX_new());
  return EVP_DigestVerifyInit(context.get(), nullptr, EVP_sha256(), nullptr, key) == 1 &&
         EVP_DigestVerify(context.get(), reinterpret_cast<const unsigned char*>(signature.data()), signature.size(),
                          reinterpret_cast<const unsigned char*>(data.data()), data.size()) == 1;
}

TEST(ServiceAccount, SignsWhatAsksForAToken) {
  const Key key(EVP_RSA_gen(2048));
  const absl::StatusOr<ServiceAccount> account =
      ServiceAccount::FromJson(AccountFile(key.get(), "https://oauth2.example/token"));
  ASSERT_THAT(account, IsOk());
  const absl::Time now = absl::FromUnixSeconds(1763800000);
  const std::vector<std::string> parts = absl::StrSplit(*account->Assertion("the scope", now), '.');
  ASSERT_EQ(parts.size(), 3u);
  const nlohmann::json header = nlohmann::json::parse(*crypto::ParseBase64Url(parts[0]));
  EXPECT_EQ(header["alg"], "RS256");
  EXPECT_EQ(header["kid"], "key-1");
  const nlohmann::json claims = nlohmann::json::parse(*crypto::ParseBase64Url(parts[1]));
  EXPECT_EQ(claims["iss"], "push@the-example.iam.gserviceaccount.com");
  EXPECT_EQ(claims["aud"], "https://oauth2.example/token");
  EXPECT_EQ(claims["scope"], "the scope");
  EXPECT_EQ(claims["exp"].get<int64_t>() - claims["iat"].get<int64_t>(), 3600);
  EXPECT_TRUE(Verifies(key.get(), absl::StrCat(parts[0], ".", parts[1]), *crypto::ParseBase64Url(parts[2])));
}

TEST(ServiceAccount, IsReadFromItsFileOnly) {
  const Key key(EVP_RSA_gen(2048));
  nlohmann::json file = nlohmann::json::parse(AccountFile(key.get(), "https://oauth2.example/token"));
  EXPECT_THAT(ServiceAccount::FromJson("no JSON"), StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(ServiceAccount::FromJson("[]"), StatusIs(absl::StatusCode::kInvalidArgument));
  for (const char* name : {"project_id", "client_email", "token_uri", "private_key"}) {
    nlohmann::json other = file;
    other[name] = 7;
    const absl::Status status = ServiceAccount::FromJson(other.dump()).status();
    EXPECT_THAT(status, StatusIs(absl::StatusCode::kInvalidArgument)) << name;
    EXPECT_THAT(std::string(status.message()), Not(HasSubstr("BEGIN")));
  }
}

class MobilePushChannelTest : public QuietNewsroomTest {
 protected:
  MobilePushChannelTest() : MobilePushChannelTest(std::make_unique<HttpReceiver>()) {}

  explicit MobilePushChannelTest(std::unique_ptr<HttpReceiver> google)
      : QuietNewsroomTest([&](NotificationsOptions& options) {
          const Key key(EVP_RSA_gen(2048));
          options.fcm_account = *ServiceAccount::FromJson(AccountFile(key.get(), google->url() + "/token"));
          options.fcm.base_url = google->url();
        }),
        google_(std::move(google)) {
    AddReader("olha", {"section-war"});
    v1::CreateEndpointRequest request;
    request.set_parent("recipients/olha");
    request.mutable_endpoint()->mutable_mobile_push()->set_token("installation-of-olha");
    v1::Endpoint endpoint;
    EXPECT_THAT(
        v1::RecipientService::NewStub(server_->Channel())->CreateEndpoint(AsSupport().get(), request, &endpoint),
        IsOk());
    postgres_.Execute("UPDATE subscriptions SET channels = 4");
    AnswerPushes(200, R"({"name":"projects/the-example/messages/1"})");
  }

  ~MobilePushChannelTest() override { notifications_->StopWorkers(); }

  // Tokens are given; pushes are answered so.
  void AnswerPushes(int status, const std::string& body) {
    google_->AnswerBy([=](const httplib::Request& request) {
      httplib::Response answer;
      answer.status = request.path == "/token" ? 200 : status;
      answer.body = request.path == "/token" ? R"({"access_token":"ya29.token","expires_in":3599})" : body;
      return answer;
    });
  }
  void RefusePushes(int status, const std::string& code) {
    AnswerPushes(
        status,
        nlohmann::json{
            {"error",
             {{"code", status},
              {"details", {{{"@type", "type.googleapis.com/google.firebase.fcm.v1.FcmError"}, {"errorCode", code}}}}}}}
            .dump());
  }

  v1::Delivery Tell(const std::string& article) {
    articles_.Publish({.id = article, .headline = "Talks resume", .dek = "Delegations meet"});
    message_ = MessageAbout(article).name();
    EXPECT_THAT(FanOutAll(), IsOk());
    EXPECT_THAT(SendAll(), IsOk());
    return DeliveryTo(message_, "olha");
  }

  std::vector<httplib::Request> HeardAt(const std::string& path) {
    std::vector<httplib::Request> heard;
    for (const httplib::Request& request : google_->Heard()) {
      if (request.path == path) heard.push_back(request);
    }
    return heard;
  }
  std::vector<httplib::Request> Pushes() { return HeardAt("/v1/projects/the-example/messages:send"); }

  const std::unique_ptr<HttpReceiver> google_;
  std::string message_;
};

TEST_F(MobilePushChannelTest, AnApplicationIsToldTitleTextAndLink) {
  const v1::Delivery delivery = Tell("talks");
  EXPECT_EQ(delivery.state(), v1::Delivery::SENT) << postgres_.QueryValue("SELECT text FROM attempts");
  EXPECT_EQ(delivery.channel(), v1::MOBILE_PUSH);
  const std::vector<httplib::Request> pushes = Pushes();
  ASSERT_EQ(pushes.size(), 1u);
  EXPECT_EQ(pushes[0].get_header_value("authorization"), "Bearer ya29.token");
  const nlohmann::json message = nlohmann::json::parse(pushes[0].body)["message"];
  EXPECT_EQ(message["token"], "installation-of-olha");
  EXPECT_EQ(message["notification"]["title"], "Talks resume");
  EXPECT_EQ(message["notification"]["body"], "Delegations meet");
  EXPECT_EQ(message["data"]["message"], message_);
  EXPECT_THAT(message["data"]["url"].get<std::string>(), HasSubstr("https://news.example"));
  EXPECT_EQ(message["android"]["priority"], "NORMAL");
  EXPECT_EQ(message["android"]["collapse_key"], message["apns"]["headers"]["apns-collapse-id"]);
}

TEST_F(MobilePushChannelTest, ATokenIsAskedForOnce) {
  Tell("talks");
  Tell("more-talks");
  EXPECT_EQ(Pushes().size(), 2u);
  ASSERT_EQ(HeardAt("/token").size(), 1u);
  EXPECT_EQ(HeardAt("/token")[0].get_param_value("grant_type"), "urn:ietf:params:oauth:grant-type:jwt-bearer");
}

TEST_F(MobilePushChannelTest, AnApplicationThatWasRemovedIsNotToldAgain) {
  RefusePushes(404, "UNREGISTERED");
  const v1::Delivery delivery = Tell("talks");
  EXPECT_EQ(delivery.state(), v1::Delivery::FAILED);
  EXPECT_EQ(delivery.reason(), v1::Delivery::ENDPOINT_GONE);
  EXPECT_EQ(delivery.attempts(0).text(), "UNREGISTERED");
  EXPECT_EQ(postgres_.QueryValue("SELECT state FROM endpoints WHERE channel = 'MOBILE_PUSH'"), "EXPIRED");
}

TEST_F(MobilePushChannelTest, ABusyServiceIsAskedAgain) {
  RefusePushes(503, "UNAVAILABLE");
  EXPECT_EQ(Tell("talks").state(), v1::Delivery::DEFERRED);
  AnswerPushes(200, "{}");
  postgres_.MoveClock(absl::Minutes(2));
  ASSERT_THAT(SendAll(), IsOk());
  EXPECT_EQ(DeliveryTo(message_, "olha").state(), v1::Delivery::SENT);
}

TEST_F(MobilePushChannelTest, ATokenThatIsNotTakenIsAskedForAnew) {
  AnswerPushes(401, "{}");
  const v1::Delivery waiting = Tell("talks");
  EXPECT_EQ(waiting.state(), v1::Delivery::DEFERRED);
  EXPECT_EQ(waiting.attempt_count(), 0);
  AnswerPushes(200, "{}");
  postgres_.MoveClock(absl::Minutes(2));
  ASSERT_THAT(SendAll(), IsOk());
  EXPECT_EQ(DeliveryTo(message_, "olha").state(), v1::Delivery::SENT);
  EXPECT_EQ(HeardAt("/token").size(), 2u);
}

TEST_F(MobilePushChannelTest, AnAccountThatNobodyKnowsCostsNoDelivery) {
  google_->Answer(400, R"({"error":"invalid_grant"})");
  const v1::Delivery waiting = Tell("talks");
  EXPECT_EQ(waiting.state(), v1::Delivery::DEFERRED);
  EXPECT_EQ(waiting.attempt_count(), 0);
  EXPECT_EQ(Pushes().size(), 0u);
}

}  // namespace
}  // namespace masthead::notifications::mobilepush
