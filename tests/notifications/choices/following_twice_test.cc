// Topics that ask twice, channels, cadences, and what is shown of many subscriptions at once.
#include "httplib.h"
#include "tests/notifications/recipients/choices_testing.h"

namespace masthead::notifications {
namespace {

using absl::StatusCode;
using ::masthead::testing::IsOk;
using ::masthead::testing::StatusIs;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::SizeIs;

class FollowingTwiceTest : public ChoicesTest {};

TEST_F(FollowingTwiceTest, ATopicThatAsksTwiceWaitsForTheLinkInTheLetter) {
  CreateTopic("weekly", v1::Topic::DOUBLE);
  AddReader("olha", {});
  v1::Subscription subscription;
  ASSERT_THAT(Follow("recipients/olha", "weekly", &subscription), IsOk());
  EXPECT_EQ(subscription.state(), v1::Subscription::PENDING);
  const std::string token = ConfirmationToken("olha@readers.example");

  const auto listener = *http::Listener::Start("127.0.0.1:0", notifications_->public_pages());
  const auto http = [&] { return httplib::Client("127.0.0.1", listener->port()); };
  const auto page = http().Get("/c/" + token);
  ASSERT_TRUE(page);
  EXPECT_EQ(page->status, 200);
  EXPECT_THAT(page->body, HasSubstr("The &lt;weekly&gt;"));
  EXPECT_THAT(page->body, Not(HasSubstr("The <weekly>")));
  EXPECT_EQ(postgres_.QueryValue("SELECT state FROM subscriptions"), "PENDING") << "looking confirms nothing";
  for (int i = 0; i < 2; ++i) {
    const auto answer = http().Post("/c/" + token, "confirm=1", "application/x-www-form-urlencoded");
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->status, 200);
  }
  EXPECT_EQ(postgres_.QueryValue("SELECT state || source FROM subscriptions"), "ACTIVECONFIRMED");
  const auto forged = http().Post("/c/" + token + "x", "confirm=1", "application/x-www-form-urlencoded");
  ASSERT_TRUE(forged);
  EXPECT_EQ(forged->status, 404);
}

TEST_F(FollowingTwiceTest, WhoLeftBeforeConfirmingStaysAway) {
  CreateTopic("weekly", v1::Topic::DOUBLE);
  AddReader("olha", {});
  v1::Subscription subscription;
  ASSERT_THAT(Follow("recipients/olha", "weekly", &subscription), IsOk());
  v1::ConfirmSubscriptionRequest confirm;
  confirm.set_token(ConfirmationToken("olha@readers.example"));
  v1::UpdateSubscriptionRequest leave;
  leave.mutable_subscription()->set_name(subscription.name());
  leave.mutable_subscription()->set_state(v1::Subscription::UNSUBSCRIBED);
  leave.mutable_subscription()->set_etag(subscription.etag());
  ASSERT_THAT(subscriptions_->UpdateSubscription(AsMember("olha").get(), leave, &subscription), IsOk());
  v1::ConfirmSubscriptionResponse confirmed;
  ASSERT_THAT(subscriptions_->ConfirmSubscription(Anonymous().get(), confirm, &confirmed), IsOk());
  EXPECT_EQ(confirmed.topic(), "");
  EXPECT_EQ(postgres_.QueryValue("SELECT state FROM subscriptions"), "UNSUBSCRIBED");
}

TEST_F(FollowingTwiceTest, NobodyIsAskedWithoutAnAddress) {
  CreateTopic("weekly", v1::Topic::DOUBLE);
  v1::Subscription subscription;
  EXPECT_THAT(Follow(CreateRecipient().name(), "weekly", &subscription),
              StatusIs(StatusCode::kNotFound, "ENDPOINT_NOT_FOUND"));
}

TEST_F(FollowingTwiceTest, ChannelsAndCadenceAreChosenAndTheInboxIsMade) {
  AddReader("olha", {});
  v1::Subscription subscription;
  subscription.add_channels(v1::EMAIL);
  subscription.add_channels(v1::INBOX);
  subscription.mutable_cadence()->set_kind(v1::Subscription::WEEKLY);
  subscription.mutable_cadence()->set_at("07:30");
  subscription.mutable_cadence()->set_day(5);
  subscription.mutable_consent()->set_source("Footer form");
  ASSERT_THAT(Follow("recipients/olha", "breaking", &subscription), IsOk());
  EXPECT_THAT(subscription.channels(), ElementsAre(v1::EMAIL, v1::INBOX));
  EXPECT_EQ(subscription.cadence().at(), "07:30");
  EXPECT_EQ(subscription.cadence().day(), 5);
  EXPECT_EQ(subscription.consent().source(), "Footer form");
  EXPECT_EQ(postgres_.QueryValue("SELECT string_agg(id, ' ' ORDER BY id) FROM endpoints"), "email inbox");

  v1::UpdateSubscriptionRequest change;
  change.mutable_subscription()->set_name(subscription.name());
  change.mutable_subscription()->set_etag(subscription.etag());
  change.mutable_subscription()->mutable_cadence()->set_kind(v1::Subscription::HOURLY);
  change.mutable_update_mask()->add_paths("cadence");
  ASSERT_THAT(subscriptions_->UpdateSubscription(AsMember("olha").get(), change, &subscription), IsOk());
  EXPECT_EQ(subscription.state(), v1::Subscription::ACTIVE);
  EXPECT_THAT(subscription.channels(), SizeIs(2)) << "what the mask leaves out stays";
  EXPECT_EQ(subscription.cadence().at(), "");
  change.mutable_subscription()->mutable_cadence()->set_at("25:00");
  change.mutable_subscription()->mutable_cadence()->set_kind(v1::Subscription::DAILY);
  change.mutable_subscription()->set_etag("*");
  EXPECT_THAT(subscriptions_->UpdateSubscription(AsMember("olha").get(), change, &subscription),
              StatusIs(StatusCode::kInvalidArgument, "INVALID_FIELD"));
}

TEST_F(FollowingTwiceTest, ManySubscriptionsAreGotAtOnceAndOnlyOnesOwn) {
  AddReader("olha", {"breaking", "section-war"});
  AddReader("taras", {"breaking"});
  v1::BatchGetSubscriptionsRequest request;
  request.set_parent("recipients/-");
  request.add_names("recipients/taras/subscriptions/breaking");
  request.add_names("recipients/olha/subscriptions/section-war");
  request.add_names("recipients/olha/subscriptions/nowhere");
  v1::BatchGetSubscriptionsResponse response;
  ASSERT_THAT(subscriptions_->BatchGetSubscriptions(AsBackend().get(), request, &response), IsOk());
  ASSERT_THAT(response.subscriptions(), SizeIs(2));
  EXPECT_EQ(response.subscriptions(0).name(), request.names(0));
  ASSERT_THAT(subscriptions_->BatchGetSubscriptions(AsMember("olha").get(), request, &response), IsOk());
  ASSERT_THAT(response.subscriptions(), SizeIs(1));
  EXPECT_EQ(response.subscriptions(0).name(), request.names(1));
}

TEST_F(FollowingTwiceTest, ThePreferencePageChoosesWithoutAScript) {
  CreateTopic("weekly");
  AddReader("olha", {"breaking", "weekly", "section-war"});
  const auto listener = *http::Listener::Start("127.0.0.1:0", notifications_->public_pages());
  const auto http = [&] { return httplib::Client("127.0.0.1", listener->port()); };
  const std::string path = "/u/" + UnsubscribeToken("olha", "breaking");
  const auto page = http().Get(path);
  ASSERT_TRUE(page);
  EXPECT_THAT(page->body, HasSubstr("name=\"follow.weekly\" value=\"1\" checked"));
  EXPECT_THAT(page->body, HasSubstr("The &lt;weekly&gt;"));
  EXPECT_THAT(page->body, Not(HasSubstr("<script")));
  EXPECT_THAT(page->get_header_value("Content-Security-Policy"), HasSubstr("default-src 'none'"));
  EXPECT_THAT(page->get_header_value("X-Content-Type-Options"), "nosniff");

  const auto saved = http().Post(
      path,
      "choose=save&shown.breaking=1&follow.breaking=1&shown.weekly=1&shown.CAMPAIGN=1&mute.CAMPAIGN=1&shown.ALERT=1"
      "&shown.nowhere=1&follow.nowhere=1",
      "application/x-www-form-urlencoded");
  ASSERT_TRUE(saved);
  EXPECT_EQ(saved->status, 200);
  EXPECT_THAT(saved->body, HasSubstr("name=\"mute.CAMPAIGN\" value=\"1\" checked"));
  const std::string states =
      "SELECT string_agg(t.id || '=' || s.state, ' ' ORDER BY t.id) FROM subscriptions s JOIN topics t ON t.number = "
      "s.topic_number";
  EXPECT_EQ(postgres_.QueryValue(states), "breaking=ACTIVE section-war=ACTIVE weekly=UNSUBSCRIBED")
      << "what was not shown stays";
  EXPECT_EQ(postgres_.QueryValue("SELECT muted_categories::text FROM preferences"), "{CAMPAIGN}");
  EXPECT_EQ(postgres_.QueryValue("SELECT limited FROM endpoints"), "t");

  ASSERT_TRUE(http().Post(path, "choose=none&shown.breaking=1&follow.breaking=1&shown.section-war=1&shown.CAMPAIGN=1",
                          "application/x-www-form-urlencoded"));
  EXPECT_EQ(postgres_.QueryValue(states), "breaking=UNSUBSCRIBED section-war=UNSUBSCRIBED weekly=UNSUBSCRIBED");
  EXPECT_EQ(postgres_.QueryValue("SELECT limited FROM endpoints"), "f") << "what limits nothing marks nothing";
}

}  // namespace
}  // namespace masthead::notifications
