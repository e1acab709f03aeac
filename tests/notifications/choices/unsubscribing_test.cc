// Leaving by link: over HTTP as mail programs do it (RFC 8058), and over gRPC.
#include "services/notifications/choices/unsubscribing.h"

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "httplib.h"
#include "services/notifications/choices/unsubscribe_page.h"
#include "tests/notifications/support/newsroom.h"
#include "tests/support/status_matchers.h"

namespace masthead::notifications {
namespace {

using ::masthead::testing::IsOk;
using ::masthead::testing::StatusIs;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::SizeIs;
using ::testing::UnorderedElementsAre;

class UnsubscribingTest : public NewsroomTest {
 protected:
  UnsubscribingTest() {
    listener_ = *http::Listener::Start("127.0.0.1:0", notifications_->public_pages());
    AddReader("olha", {"breaking", "section-war"}, "uk");
  }

  std::string StateOf(const std::string& topic) {
    v1::ListSubscriptionsRequest request;
    request.set_parent("recipients/olha");
    v1::ListSubscriptionsResponse response;
    EXPECT_THAT(subscriptions_->ListSubscriptions(AsMember("olha").get(), request, &response), IsOk());
    for (const v1::Subscription& subscription : response.subscriptions()) {
      if (subscription.topic() == "topics/" + topic) return v1::Subscription::State_Name(subscription.state());
    }
    return "";
  }

  httplib::Client Http() const { return httplib::Client("127.0.0.1", listener_->port()); }
  std::string Path() { return "/u/" + UnsubscribeToken("olha", "breaking"); }

  std::unique_ptr<http::Listener> listener_;
};

TEST_F(UnsubscribingTest, OneClickLeavesTheTopicAndMayBeRepeated) {
  for (int i = 0; i < 2; ++i) {
    const auto answer = Http().Post(Path(), "List-Unsubscribe=One-Click", "application/x-www-form-urlencoded");
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->status, 200);
    EXPECT_FALSE(answer->has_header("Set-Cookie"));
    EXPECT_FALSE(answer->has_header("Location"));
  }
  EXPECT_EQ(StateOf("breaking"), "UNSUBSCRIBED");
  EXPECT_EQ(StateOf("section-war"), "ACTIVE");
}

TEST_F(UnsubscribingTest, OneClickMayComeAsMultipart) {
  const auto answer = Http().Post(Path(), httplib::MultipartFormDataItems{{"List-Unsubscribe", "One-Click", "", ""}});
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->status, 200);
  EXPECT_EQ(StateOf("breaking"), "UNSUBSCRIBED");
}

TEST_F(UnsubscribingTest, LookingChangesNothing) {
  const auto page = Http().Get(Path());
  ASSERT_TRUE(page);
  EXPECT_EQ(page->status, 200);
  EXPECT_THAT(page->body, HasSubstr("Термінові новини"));
  EXPECT_THAT(page->body, HasSubstr("<form method=\"post\">"));
  const auto head = Http().Head(Path());
  ASSERT_TRUE(head);
  EXPECT_EQ(head->status, 200);
  EXPECT_EQ(Http().Get(Path() + "?List-Unsubscribe=One-Click")->status, 200);
  EXPECT_EQ(StateOf("breaking"), "ACTIVE");
}

TEST_F(UnsubscribingTest, APostWithoutTheWordsShowsThePageAndChangesNothing) {
  for (const char* body : {"", "List-Unsubscribe=one-click", "x=List-Unsubscribe=One-Click", "List-Unsubscribe"}) {
    const auto answer = Http().Post(Path(), body, "application/x-www-form-urlencoded");
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->status, 200) << body;
  }
  EXPECT_EQ(StateOf("breaking"), "ACTIVE");
}

TEST_F(UnsubscribingTest, AForgedTokenIsNotFound) {
  std::string forged = Path();
  forged.back() = forged.back() == 'A' ? 'Q' : 'A';
  for (const std::string& path :
       {forged, std::string("/u/x"), std::string("/u/"), std::string("/u/") + std::string(500, 'A')}) {
    EXPECT_EQ(Http().Get(path)->status, 404) << path;
    EXPECT_EQ(Http().Post(path, "List-Unsubscribe=One-Click", "application/x-www-form-urlencoded")->status, 404)
        << path;
  }
  EXPECT_EQ(StateOf("breaking"), "ACTIVE");
}

TEST_F(UnsubscribingTest, WorksOverGrpcWithoutSigningIn) {
  v1::GetUnsubscribePageRequest look;
  look.set_token(UnsubscribeToken("olha", "breaking"));
  v1::UnsubscribePage page;
  ASSERT_THAT(subscriptions_->GetUnsubscribePage(Anonymous().get(), look, &page), IsOk());
  EXPECT_EQ(page.topic(), "topics/breaking");
  EXPECT_EQ(page.locale(), "uk");
  EXPECT_TRUE(page.subscribed());

  v1::UnsubscribeRequest leave;
  leave.set_token(look.token());
  v1::UnsubscribeResponse left;
  for (int i = 0; i < 2; ++i) {
    ASSERT_THAT(subscriptions_->Unsubscribe(Anonymous().get(), leave, &left), IsOk());
    EXPECT_THAT(left.topics(), ElementsAre("topics/breaking"));
  }
  ASSERT_THAT(subscriptions_->GetUnsubscribePage(Anonymous().get(), look, &page), IsOk());
  EXPECT_FALSE(page.subscribed());

  leave.set_token("AQcAAAEfcfsEywAAACoCORb0OXETXbym9-GJomJjmR");
  EXPECT_THAT(subscriptions_->Unsubscribe(Anonymous().get(), leave, &left),
              StatusIs(absl::StatusCode::kPermissionDenied, "TOKEN_INVALID"));
}

TEST_F(UnsubscribingTest, LeavesEverythingOnRequest) {
  v1::UnsubscribeRequest leave;
  leave.set_token(UnsubscribeToken("olha", "breaking"));
  leave.set_all_topics(true);
  v1::UnsubscribeResponse left;
  ASSERT_THAT(subscriptions_->Unsubscribe(Anonymous().get(), leave, &left), IsOk());
  EXPECT_THAT(left.topics(), UnorderedElementsAre("topics/breaking", "topics/section-war"));
  EXPECT_EQ(StateOf("section-war"), "UNSUBSCRIBED");
}

TEST_F(UnsubscribingTest, IsForgottenByAMemberWhoIsErased) {
  v1::UnsubscribeRequest leave;
  leave.set_token(UnsubscribeToken("olha", "breaking"));
  memberships_.Remove("olha");
  UntilRecipientsAre(0);
  v1::UnsubscribeResponse left;
  EXPECT_THAT(subscriptions_->Unsubscribe(Anonymous().get(), leave, &left), IsOk())
      << "a link in an old letter is nobody's mistake";
}

TEST_F(UnsubscribingTest, OutlastsAnOlderConsentAndYieldsToANewerOne) {
  const absl::Time hour_ago = absl::Now() - absl::Hours(1);
  v1::UnsubscribeRequest leave;
  leave.set_token(UnsubscribeToken("olha", "breaking"));
  v1::UnsubscribeResponse left;
  ASSERT_THAT(subscriptions_->Unsubscribe(Anonymous().get(), leave, &left), IsOk());

  memberships_.Consent("olha", "breaking", true, hour_ago);
  AddReader("marker", {"breaking"});  // Comes after it in the feed.
  EXPECT_EQ(StateOf("breaking"), "UNSUBSCRIBED");

  memberships_.Consent("olha", "breaking", true, absl::Now() + absl::Seconds(1));
  UntilSubscribed("olha", "breaking", "ACTIVE");
}

TEST_F(UnsubscribingTest, IsAnnouncedOnceToMemberships) {
  v1::UnsubscribeRequest leave;
  leave.set_token(UnsubscribeToken("olha", "breaking"));
  v1::UnsubscribeResponse left;
  for (int i = 0; i < 2; ++i) ASSERT_THAT(subscriptions_->Unsubscribe(Anonymous().get(), leave, &left), IsOk());
  v1::ListEventsResponse response;
  Until("the event is there", [&] {
    EXPECT_THAT(events_->ListEvents(AsBackend().get(), {}, &response), IsOk());
    return response.events_size() > 0;
  });
  ASSERT_THAT(response.events(), SizeIs(1));
  const v1::SubscriptionChanged& changed = response.events(0).subscription_changed();
  EXPECT_EQ(changed.member(), "members/olha");
  EXPECT_EQ(changed.state(), v1::Subscription::UNSUBSCRIBED);
  EXPECT_EQ(changed.source(), v1::Subscription::ONE_CLICK);
  EXPECT_THAT(response.events(0).DebugString(), Not(HasSubstr("@")));
}

}  // namespace
}  // namespace masthead::notifications
