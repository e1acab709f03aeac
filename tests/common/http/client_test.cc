#include "common/http/client.h"

#include <atomic>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "common/http/listener.h"
#include "gmock/gmock.h"
#include "tests/support/status_matchers.h"

namespace masthead::http {
namespace {

using ::masthead::testing::IsOk;
using ::masthead::testing::StatusIs;

class ClientTest : public ::testing::Test {
 protected:
  ClientTest() {
    auto listener = Listener::Start("127.0.0.1:0", {{"/", [this](const Request& request) {
                                                       ++heard_;
                                                       return Response{.status = 201, .body = request.path};
                                                     }}});
    listener_ = *std::move(listener);
  }

  std::string Url(const std::string& path) const { return absl::StrCat("http://127.0.0.1:", listener_->port(), path); }

  std::atomic<int> heard_ = 0;
  std::unique_ptr<Listener> listener_;
};

TEST_F(ClientTest, AnswersManyInTheOrderInWhichTheyWereAsked) {
  Client client(4);
  std::vector<OutgoingRequest> requests;
  for (int i = 0; i < 40; ++i) {
    requests.push_back({.method = "POST", .url = Url(absl::StrCat("/", i)), .headers = {}, .body = "x"});
  }
  const auto answers = client.SendAll({}, requests);
  ASSERT_EQ(answers.size(), requests.size());
  for (int i = 0; i < 40; ++i) {
    ASSERT_THAT(answers[i], IsOk());
    EXPECT_EQ(answers[i]->status, 201);
    EXPECT_EQ(answers[i]->body, absl::StrCat("/", i));
  }
  EXPECT_EQ(heard_, 40);
}

TEST_F(ClientTest, TellsWhatWasSurelyNotHeardFromWhatMayHaveBeen) {
  const int port = listener_->port();
  listener_.reset();
  const auto refused = Send({}, {.url = absl::StrCat("http://127.0.0.1:", port, "/")});
  EXPECT_THAT(refused, StatusIs(absl::StatusCode::kUnavailable));
  EXPECT_TRUE(SurelyNotHeard(refused.status()));
  EXPECT_FALSE(SurelyNotHeard(absl::UnavailableError("reset by peer")));
}

TEST_F(ClientTest, ConnectsToThePinnedAddressWhateverTheNameSays) {
  OutgoingRequest request = {.url = absl::StrCat("http://push.example.net:", listener_->port(), "/here")};
  request.pinned_address = absl::StrCat("push.example.net:", listener_->port(), ":127.0.0.1");
  const auto answer = Send({}, request);
  ASSERT_THAT(answer, IsOk());
  EXPECT_EQ(answer->body, "/here");
}

TEST_F(ClientTest, StopsWithItsScope) {
  EXPECT_THAT(Send({.deadline = absl::Now() - absl::Seconds(1)}, {.url = Url("/")}),
              StatusIs(absl::StatusCode::kDeadlineExceeded));
  EXPECT_EQ(heard_, 0);
}

}  // namespace
}  // namespace masthead::http
