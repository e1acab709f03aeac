// Messages to browsers, through a push service that takes them as a real one does.
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "common/base/mutex.h"
#include "common/crypto/mac.h"
#include "gmock/gmock.h"
#include "httplib.h"
#include "masthead/notifications/v1/push_service.grpc.pb.h"
#include "services/notifications/recipients/endpoint_target.h"
#include "services/notifications/webpush/p256_key.h"
#include "tests/notifications/support/newsroom.h"
#include "tests/support/status_matchers.h"

namespace masthead::notifications::webpush {
namespace {

using ::masthead::testing::IsOk;
using ::masthead::testing::StatusIs;
using ::testing::StartsWith;

class PushChannelTest : public QuietNewsroomTest {
 protected:
  PushChannelTest()
      : QuietNewsroomTest([](NotificationsOptions& options) {
          options.vapid_key = *P256Key::Generate();
          options.push = {.subject = "mailto:push@news.example", .outbound = {.allow_private = true}};
        }),
        port_(push_service_.bind_to_any_port("127.0.0.1")) {
    push_service_.set_keep_alive_max_count(1);  // Else stopping it waits for the client.
    push_service_.Post(".*", [this](const httplib::Request& request, httplib::Response& response) {
      MutexLock lock(mutex_);
      heard_.push_back(request);
      response = answer_;
    });
    serving_ = std::thread([this] { push_service_.listen_after_bind(); });
    AddReader("olha", {"section-war"});
    AddBrowser("olha");
  }

  ~PushChannelTest() override {
    notifications_->StopWorkers();
    push_service_.stop();
    serving_.join();
  }

  static httplib::Response Answer(int status, const std::string& retry_after = "") {
    httplib::Response answer;
    answer.status = status;
    if (!retry_after.empty()) answer.set_header("Retry-After", retry_after);
    return answer;
  }

  // A browser that takes what comes instead of the mailbox.
  void AddBrowser(const std::string& reader) {
    const EndpointTarget target = {.url = absl::StrCat("http://127.0.0.1:", port_, "/send/", reader),
                                   .p256dh = crypto::Base64Url(browser_->public_key()),
                                   .auth = crypto::Base64Url(crypto::RandomBytes(16))};
    const std::string sealed = SealTarget(notifications_->targets_key(), reader, "browser", target);
    postgres_.Execute(
        absl::StrCat("INSERT INTO endpoints (recipient_number, id, channel, mailbox, address_hash, target) SELECT "
                     "number, 'browser', "
                     "'WEB_PUSH', '', '\\x00', '\\x",
                     absl::BytesToHexString(sealed), "' FROM recipients WHERE id = '", reader,
                     "'; UPDATE subscriptions SET channels = 2"));
  }

  v1::Delivery Tell(const std::string& article, const httplib::Response& answer) {
    {
      MutexLock lock(mutex_);
      answer_ = answer;
    }
    articles_.Publish({.id = article, .headline = "Talks resume"});
    const std::string message = MessageAbout(article).name();
    EXPECT_THAT(FanOutAll(), IsOk());
    EXPECT_THAT(SendAll(), IsOk());
    return DeliveryTo(message, "olha");
  }

  std::vector<httplib::Request> Heard() {
    MutexLock lock(mutex_);
    return heard_;
  }

  const absl::StatusOr<P256Key> browser_ = P256Key::Generate();
  Mutex mutex_;
  httplib::Response answer_ ABSL_GUARDED_BY(mutex_);
  std::vector<httplib::Request> heard_ ABSL_GUARDED_BY(mutex_);
  httplib::Server push_service_;
  const int port_;
  std::thread serving_;
};

TEST_F(PushChannelTest, ABrowserIsToldThroughItsPushService) {
  const v1::Delivery delivery = Tell("talks", Answer(201));
  EXPECT_EQ(delivery.state(), v1::Delivery::SENT) << postgres_.QueryValue("SELECT text FROM attempts");
  EXPECT_EQ(delivery.channel(), v1::WEB_PUSH);
  const std::vector<httplib::Request> heard = Heard();
  ASSERT_EQ(heard.size(), 1u);
  EXPECT_EQ(heard[0].path, "/send/olha");
  const auto header = [&](const char* name) { return heard[0].get_header_value(name); };
  EXPECT_EQ(header("content-encoding"), "aes128gcm");
  EXPECT_THAT(header("authorization"), StartsWith("vapid t="));
  EXPECT_EQ(header("urgency"), "normal");
  EXPECT_EQ(header("topic").size(), 32u);
  EXPECT_GT(std::stoi(header("ttl")), 3 * 60 * 60);
  EXPECT_EQ(heard[0].body.find("Talks"), std::string::npos) << "the push service cannot read it";
}

TEST_F(PushChannelTest, ASubscriptionThatIsGoneIsNotAskedAgain) {
  const v1::Delivery delivery = Tell("talks", Answer(410));
  EXPECT_EQ(delivery.state(), v1::Delivery::FAILED);
  EXPECT_EQ(delivery.reason(), v1::Delivery::ENDPOINT_GONE);
  EXPECT_EQ(postgres_.QueryValue("SELECT state FROM endpoints WHERE id = 'browser'"), "EXPIRED");
}

TEST_F(PushChannelTest, ABusyPushServiceIsAskedAgainWhenItSays) {
  const v1::Delivery delivery = Tell("talks", Answer(429, "1800"));
  EXPECT_EQ(delivery.state(), v1::Delivery::DEFERRED);
  EXPECT_EQ(delivery.attempt_count(), 1);
  postgres_.MoveClock(absl::Minutes(31));
  {
    MutexLock lock(mutex_);
    answer_ = Answer(201);
  }
  ASSERT_THAT(SendAll(), IsOk());
  EXPECT_EQ(Heard().size(), 2u);
}

TEST_F(PushChannelTest, PagesLearnTheKeyThatBrowsersAccept) {
  v1::PushKey key;
  const auto stub = v1::PushService::NewStub(server_->Channel());
  ASSERT_THAT(stub->GetPushKey(Anonymous().get(), {}, &key), IsOk());
  EXPECT_EQ(crypto::ParseBase64Url(key.application_server_key())->size(), 65u);
}

class WithoutPushTest : public QuietNewsroomTest {};

TEST_F(WithoutPushTest, PagesLearnThatThereIsNoKey) {
  v1::PushKey key;
  const auto stub = v1::PushService::NewStub(server_->Channel());
  EXPECT_THAT(stub->GetPushKey(Anonymous().get(), {}, &key),
              StatusIs(absl::StatusCode::kFailedPrecondition, "PUSH_NOT_SET_UP"));
}

}  // namespace
}  // namespace masthead::notifications::webpush
