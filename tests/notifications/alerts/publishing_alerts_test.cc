// Alerts that editors send by hand.
#include "gmock/gmock.h"
#include "masthead/notifications/v1/alert_service.grpc.pb.h"
#include "tests/notifications/support/newsroom.h"
#include "tests/support/status_matchers.h"

namespace masthead::notifications {
namespace {

using ::masthead::testing::IsOk;
using ::masthead::testing::StatusIs;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class PublishedAlert : public QuietNewsroomTest {
 protected:
  PublishedAlert() : alerts_(v1::AlertService::NewStub(server_->Channel())) {}

  static v1::PublishAlertRequest Request() {
    v1::PublishAlertRequest request;
    request.set_article("articles/talks");
    request.add_topics("topics/section-culture");
    request.set_headline("Talks: they have signed");
    request.set_breaking(true);
    return request;
  }

  grpc::Status Publish(const v1::PublishAlertRequest& request) {
    return alerts_->PublishAlert(AsEditor().get(), request, &response_);
  }

  std::unique_ptr<v1::AlertService::Stub> alerts_;
  v1::PublishAlertResponse response_;
};

TEST_F(PublishedAlert, ReachesTheFollowersOfOtherTopicsInTheEditorsWords) {
  AddReader("olha", {"section-war"});
  AddReader("mark", {"section-culture"});
  articles_.Publish({.id = "talks", .first_publication = false});
  ASSERT_THAT(Publish(Request()), IsOk());
  EXPECT_EQ(response_.message().lane(), v1::Message::BREAKING);
  ASSERT_THAT(FanOutAll(), IsOk());
  ASSERT_THAT(SendAll(), IsOk());
  EXPECT_THAT(LettersTo("olha"), IsEmpty());
  ASSERT_THAT(LettersTo("mark"), SizeIs(1));
  EXPECT_THAT(LettersTo("mark")[0].bytes, HasSubstr("\r\nSubject: Talks: they have signed\r\n"));
  EXPECT_THAT(LettersTo("mark")[0].bytes, HasSubstr("https://news.example/en/talks"));
}

TEST_F(PublishedAlert, OfAKeyIsMadeOnce) {
  AddReader("mark", {"section-culture"});
  articles_.Publish({.id = "talks", .first_publication = false});
  v1::PublishAlertRequest request = Request();
  request.set_dedupe_key("signed");
  ASSERT_THAT(Publish(request), IsOk());
  const std::string first = response_.message().name();
  const grpc::Status second = Publish(request);
  EXPECT_THAT(second, StatusIs(absl::StatusCode::kAlreadyExists, "DEDUPE_KEY_USED"));
  EXPECT_THAT(second.error_details(), HasSubstr(first));
  EXPECT_EQ(CountMessages(), 1);
}

TEST_F(PublishedAlert, IsTriedOutWithoutBeingMade) {
  AddReader("mark", {"section-culture"});
  articles_.Publish({.id = "talks", .first_publication = false});
  v1::PublishAlertRequest request = Request();
  request.set_validate_only(true);
  ASSERT_THAT(Publish(request), IsOk());
  EXPECT_EQ(response_.estimate().deliveries(), 1);
  EXPECT_FALSE(response_.has_message());
  EXPECT_EQ(CountMessages(), 0);
}

TEST_F(PublishedAlert, NeedsAnArticleThatReadersCanHaveAndSomebodyToTell) {
  AddReader("mark", {"section-culture"});
  EXPECT_THAT(Publish(Request()), StatusIs(absl::StatusCode::kFailedPrecondition, "ARTICLE_NOT_PUBLIC"));
  articles_.Publish({.id = "talks", .first_publication = false});
  v1::PublishAlertRequest request = Request();
  request.set_topics(0, "topics/nothing");
  EXPECT_THAT(Publish(request), StatusIs(absl::StatusCode::kNotFound, "TOPIC_NOT_FOUND"));
  request.set_topics(0, "topics/breaking");
  EXPECT_THAT(Publish(request), StatusIs(absl::StatusCode::kFailedPrecondition, "AUDIENCE_EMPTY"));
  request.set_headline("Line\r\nBcc: everybody@news.example");
  EXPECT_EQ(Publish(request).error_code(), grpc::StatusCode::INVALID_ARGUMENT);
}

}  // namespace
}  // namespace masthead::notifications
