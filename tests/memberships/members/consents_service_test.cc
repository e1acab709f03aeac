#include "services/memberships/members/consents_service.h"

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "tests/memberships/newsroom.h"

namespace masthead::memberships {
namespace {

using ::masthead::testing::IsOk;
using ::masthead::testing::StatusIs;
using ::testing::SizeIs;

class ConsentsServiceTest : public NewsroomTest {
 protected:
  ConsentsServiceTest() { Register("nina", "nina@example.org"); }

  v1::SetConsentRequest Say(bool granted, const std::string& topic = "breaking", const std::string& member = "nina") {
    v1::SetConsentRequest request;
    request.set_name(absl::StrCat("members/", member, "/consents/", topic));
    request.set_granted(granted);
    request.set_source("account-page");
    request.set_text_version("2026-11");
    return request;
  }

  absl::StatusOr<v1::ListConsentsResponse> List(const std::string& token, const std::string& member) {
    v1::ListConsentsRequest request;
    request.set_parent("members/" + member);
    return Call(token, &Members::ListConsents, request);
  }

  const std::string nina_ = server_.MemberToken("members/nina");
};

TEST_F(ConsentsServiceTest, AMemberAgreesAndNotificationsHears) {
  const auto consent = Call(nina_, &Members::SetConsent, Say(true));

  ASSERT_THAT(consent, IsOk());
  EXPECT_EQ(consent->name(), "members/nina/consents/breaking");
  EXPECT_EQ(consent->topic(), "topics/breaking");
  const std::vector<v1::Event> events = FeedOf("consent.changed");
  ASSERT_THAT(events, SizeIs(1));
  EXPECT_EQ(events[0].resource(), "members/nina");
  EXPECT_EQ(events[0].consent_changed().member(), "members/nina");
  EXPECT_EQ(events[0].consent_changed().topic(), "topics/breaking");
  EXPECT_TRUE(events[0].consent_changed().granted());
}

TEST_F(ConsentsServiceTest, EveryWordIsKeptAndOnlyAChangeIsAnnounced) {
  ASSERT_THAT(Call(nina_, &Members::SetConsent, Say(true)), IsOk());
  ASSERT_THAT(Call(nina_, &Members::SetConsent, Say(true)), IsOk());
  ASSERT_THAT(CallAs("notifications", &Members::SetConsent, Say(false)), IsOk());

  EXPECT_THAT(FeedOf("consent.changed"), SizeIs(2));
  EXPECT_EQ(database_.QueryValue(
                "SELECT string_agg(granted || ' ' || principal, ', ' ORDER BY revision) FROM consent_history"),
            "true members/nina, true members/nina, false services/notifications");
  EXPECT_THROW(database_.Execute("DELETE FROM consent_history"), pqxx::sql_error);
  EXPECT_THROW(database_.Execute("UPDATE consent_history SET granted = true"), pqxx::sql_error);
}

TEST_F(ConsentsServiceTest, TheLatestWordOnEachTopicIsListedByTopic) {
  ASSERT_THAT(Call(nina_, &Members::SetConsent, Say(true, "sport")), IsOk());
  ASSERT_THAT(Call(nina_, &Members::SetConsent, Say(true, "breaking")), IsOk());
  ASSERT_THAT(Call(nina_, &Members::SetConsent, Say(false, "sport")), IsOk());

  const auto consents = List(nina_, "nina");

  ASSERT_THAT(consents, IsOk());
  ASSERT_THAT(consents->consents(), SizeIs(2));
  EXPECT_EQ(consents->consents(0).topic(), "topics/breaking");
  EXPECT_TRUE(consents->consents(0).granted());
  EXPECT_EQ(consents->consents(1).topic(), "topics/sport");
  EXPECT_FALSE(consents->consents(1).granted());
  EXPECT_EQ(consents->consents(1).text_version(), "2026-11");
}

TEST_F(ConsentsServiceTest, NobodySpeaksForAnotherMember) {
  Register("omar", "omar@example.org");
  EXPECT_THAT(Call(nina_, &Members::SetConsent, Say(true, "breaking", "omar")),
              StatusIs(absl::StatusCode::kPermissionDenied, "NOT_OWN_RESOURCE"));
  EXPECT_THAT(List(nina_, "omar"), StatusIs(absl::StatusCode::kPermissionDenied, "NOT_OWN_RESOURCE"));
}

TEST_F(ConsentsServiceTest, AConsentNeedsASourceAndAMember) {
  v1::SetConsentRequest silent = Say(true);
  silent.clear_source();
  EXPECT_THAT(Call(nina_, &Members::SetConsent, silent), StatusIs(absl::StatusCode::kInvalidArgument, "INVALID_FIELD"));
  EXPECT_THAT(Call(Backend(), &Members::SetConsent, Say(true, "breaking", "nobody")),
              StatusIs(absl::StatusCode::kNotFound, "MEMBER_NOT_FOUND"));
}

TEST_F(ConsentsServiceTest, EveryWordIsListedTheLatestFirst) {
  for (const bool granted : {true, false, true}) {
    ASSERT_THAT(Call(nina_, &Members::SetConsent, Say(granted, "sport")), IsOk());
  }
  v1::ListConsentHistoryRequest request;
  request.set_parent("members/nina");
  request.set_page_size(2);
  const auto first = Call(Backend(), &Members::ListConsentHistory, request);
  ASSERT_THAT(first, IsOk());
  ASSERT_THAT(first->words(), SizeIs(2));
  EXPECT_TRUE(first->words(0).consent().granted());
  EXPECT_FALSE(first->words(1).consent().granted());
  EXPECT_NE(first->words(0).principal(), "");
  request.set_page_token(first->next_page_token());
  const auto second = Call(Backend(), &Members::ListConsentHistory, request);
  ASSERT_THAT(second, IsOk());
  ASSERT_THAT(second->words(), SizeIs(1));
  EXPECT_EQ(second->next_page_token(), "");

  request.clear_page_token();
  const auto own = Call(nina_, &Members::ListConsentHistory, request);
  ASSERT_THAT(own, IsOk());
  EXPECT_EQ(own->words(0).principal(), "");
  request.set_parent("members/omar");
  EXPECT_THAT(Call(nina_, &Members::ListConsentHistory, request),
              StatusIs(absl::StatusCode::kPermissionDenied, "NOT_OWN_RESOURCE"));
}

TEST_F(ConsentsServiceTest, TopicsAreBounded) {
  database_.Execute(
      "INSERT INTO consents SELECT 'nina', 't' || i, true, 'test', '', 1, db_now() FROM generate_series(1, 200) AS i");
  EXPECT_THAT(Call(nina_, &Members::SetConsent, Say(true, "one-more")),
              StatusIs(absl::StatusCode::kFailedPrecondition, "TOO_MANY_CONSENTS"));
  EXPECT_THAT(Call(nina_, &Members::SetConsent, Say(false, "t7")), IsOk());
}

}  // namespace
}  // namespace masthead::memberships
