// Topics, and what recipients choose about them.
#include "absl/strings/str_cat.h"
#include "common/ids/uuid.h"
#include "gmock/gmock.h"
#include "tests/notifications/support/newsroom.h"
#include "tests/support/status_matchers.h"

namespace masthead::notifications {
namespace {

using absl::StatusCode;
using ::masthead::testing::IsOk;
using ::masthead::testing::StatusIs;

class SubscriptionsTest : public NewsroomTest {
 protected:
  grpc::Status CreateTopic(const std::string& id, v1::Topic* topic, const std::string& request_id = "") {
    v1::CreateTopicRequest request;
    request.set_topic_id(id);
    request.set_request_id(request_id);
    (*request.mutable_topic()->mutable_display_names())["en"] = "The week";
    return subscriptions_->CreateTopic(AsEditor().get(), request, topic);
  }

  grpc::Status Choose(std::unique_ptr<grpc::ClientContext> context, const std::string& recipient,
                      const std::string& topic, v1::Subscription::State state, v1::Subscription* subscription,
                      bool allow_missing = true, const std::string& etag = "*") {
    v1::UpdateSubscriptionRequest request;
    request.mutable_subscription()->set_name(absl::StrCat("recipients/", recipient, "/subscriptions/", topic));
    request.mutable_subscription()->set_state(state);
    request.mutable_subscription()->set_etag(etag);
    request.set_allow_missing(allow_missing);
    return subscriptions_->UpdateSubscription(context.get(), request, subscription);
  }
};

TEST_F(SubscriptionsTest, ATopicIsCreatedChangedDeletedAndBroughtBack) {
  v1::Topic topic;
  ASSERT_THAT(CreateTopic("weekly", &topic), IsOk());
  EXPECT_EQ(topic.name(), "topics/weekly");
  EXPECT_EQ(topic.source(), v1::Topic::NEWSLETTER);
  EXPECT_EQ(topic.lane(), v1::Message::ALERT);
  EXPECT_EQ(topic.default_expiry().seconds(), 4 * 3600);
  EXPECT_THAT(CreateTopic("weekly", &topic), StatusIs(StatusCode::kAlreadyExists, "TOPIC_EXISTS"));

  v1::UpdateTopicRequest update;
  *update.mutable_topic() = topic;
  (*update.mutable_topic()->mutable_display_names())["uk"] = "Тиждень";
  update.mutable_update_mask()->add_paths("display_names");
  const std::string old_etag = topic.etag();
  ASSERT_THAT(subscriptions_->UpdateTopic(AsEditor().get(), update, &topic), IsOk());
  EXPECT_EQ(topic.display_names().at("uk"), "Тиждень");
  EXPECT_THAT(subscriptions_->UpdateTopic(AsEditor().get(), update, &topic),
              StatusIs(StatusCode::kAborted, "ETAG_MISMATCH"));

  v1::DeleteTopicRequest remove;
  remove.set_name("topics/weekly");
  remove.set_etag(topic.etag());
  ASSERT_THAT(subscriptions_->DeleteTopic(AsEditor().get(), remove, &topic), IsOk());
  EXPECT_TRUE(topic.has_delete_time());
  v1::ListTopicsResponse list;
  ASSERT_THAT(subscriptions_->ListTopics(Anonymous().get(), {}, &list), IsOk());
  EXPECT_EQ(list.topics_size(), 1) << "breaking alone";

  v1::UndeleteTopicRequest bring_back;
  bring_back.set_name("topics/weekly");
  bring_back.set_etag(topic.etag());
  ASSERT_THAT(subscriptions_->UndeleteTopic(AsEditor().get(), bring_back, &topic), IsOk());
  EXPECT_FALSE(topic.has_delete_time());
}

TEST_F(SubscriptionsTest, CreatingATopicTwiceWithOneRequestIdIsCreatingItOnce) {
  const std::string request_id = ids::NewUuid();
  v1::Topic first, second;
  ASSERT_THAT(CreateTopic("weekly", &first, request_id), IsOk());
  ASSERT_THAT(CreateTopic("weekly", &second, request_id), IsOk());
  EXPECT_EQ(first.SerializeAsString(), second.SerializeAsString());
  EXPECT_THAT(CreateTopic("monthly", &second, request_id), StatusIs(StatusCode::kInvalidArgument, "REQUEST_ID_REUSED"));
}

TEST_F(SubscriptionsTest, BreakingNewsCannotBeDeleted) {
  v1::DeleteTopicRequest request;
  request.set_name("topics/breaking");
  request.set_etag("*");
  v1::Topic topic;
  EXPECT_THAT(subscriptions_->DeleteTopic(AsEditor().get(), request, &topic),
              StatusIs(StatusCode::kFailedPrecondition, "TOPIC_BUILT_IN"));
}

TEST_F(SubscriptionsTest, ABadTopicIsToldAllThatIsWrongWithIt) {
  v1::CreateTopicRequest request;
  request.set_topic_id("Weekly!");
  (*request.mutable_topic()->mutable_display_names())["EN"] = "x";
  (*request.mutable_topic()->mutable_display_names())["uk"] = std::string("a\0b", 3);
  request.mutable_topic()->set_required_entitlement("gold");
  request.mutable_topic()->mutable_default_expiry()->set_seconds(1);
  request.mutable_topic()->set_source(v1::Topic::SECTION);
  v1::Topic topic;
  const absl::Status status =
      ::masthead::testing::ToStatus(subscriptions_->CreateTopic(AsEditor().get(), request, &topic));
  EXPECT_THAT(status, StatusIs(StatusCode::kInvalidArgument, "INVALID_FIELD"));
}

TEST_F(SubscriptionsTest, AMemberChoosesForOneselfAndSeesNobodyElse) {
  AddReader("olha", {});
  AddReader("mark", {});
  v1::Subscription subscription;
  ASSERT_THAT(Choose(AsMember("olha"), "olha", "breaking", v1::Subscription::ACTIVE, &subscription), IsOk());
  EXPECT_EQ(subscription.source(), v1::Subscription::OWN_CHOICE);
  EXPECT_EQ(subscription.name(), "recipients/olha/subscriptions/breaking");

  EXPECT_THAT(Choose(AsMember("olha"), "mark", "breaking", v1::Subscription::ACTIVE, &subscription),
              StatusIs(StatusCode::kNotFound, "RECIPIENT_NOT_FOUND"));
  v1::GetRecipientRequest get;
  get.set_name("recipients/mark");
  v1::Recipient recipient;
  EXPECT_THAT(subscriptions_->GetRecipient(AsMember("olha").get(), get, &recipient),
              StatusIs(StatusCode::kNotFound, "RECIPIENT_NOT_FOUND"));
  EXPECT_THAT(subscriptions_->GetRecipient(AsMember("mark").get(), get, &recipient), IsOk());
  EXPECT_EQ(recipient.member(), "members/mark");
  EXPECT_EQ(recipient.DebugString().find('@'), std::string::npos) << "an address is never shown";
  EXPECT_THAT(subscriptions_->GetRecipient(Anonymous().get(), get, &recipient), StatusIs(StatusCode::kUnauthenticated));
}

TEST_F(SubscriptionsTest, AChoiceNeedsWhatItIsAbout) {
  AddReader("olha", {});
  v1::Subscription subscription;
  EXPECT_THAT(Choose(AsMember("olha"), "olha", "nothing", v1::Subscription::ACTIVE, &subscription),
              StatusIs(StatusCode::kNotFound, "TOPIC_NOT_FOUND"));
  EXPECT_THAT(
      Choose(AsMember("olha"), "olha", "breaking", v1::Subscription::ACTIVE, &subscription, /*allow_missing=*/false),
      StatusIs(StatusCode::kNotFound, "SUBSCRIPTION_NOT_FOUND"));
  EXPECT_THAT(Choose(AsMember("olha"), "olha", "breaking", v1::Subscription::PENDING, &subscription),
              StatusIs(StatusCode::kInvalidArgument, "INVALID_FIELD"));
  ASSERT_THAT(Choose(AsMember("olha"), "olha", "breaking", v1::Subscription::ACTIVE, &subscription), IsOk());
  EXPECT_THAT(
      Choose(AsMember("olha"), "olha", "breaking", v1::Subscription::UNSUBSCRIBED, &subscription, true, "\"99\""),
      StatusIs(StatusCode::kAborted, "ETAG_MISMATCH"));
}

TEST_F(SubscriptionsTest, AnOwnChoiceOutlastsAnOlderConsent) {
  AddReader("olha", {"breaking"});
  v1::Subscription subscription;
  ASSERT_THAT(Choose(AsMember("olha"), "olha", "breaking", v1::Subscription::UNSUBSCRIBED, &subscription), IsOk());
  memberships_.Consent("olha", "breaking", true, absl::Now() - absl::Hours(1));
  AddReader("marker", {"breaking"});
  v1::ListSubscriptionsRequest request;
  request.set_parent("recipients/olha");
  v1::ListSubscriptionsResponse response;
  ASSERT_THAT(subscriptions_->ListSubscriptions(AsMember("olha").get(), request, &response), IsOk());
  ASSERT_EQ(response.subscriptions_size(), 1);
  EXPECT_EQ(response.subscriptions(0).state(), v1::Subscription::UNSUBSCRIBED);
}

}  // namespace
}  // namespace masthead::notifications
