// What supporters and those who count them see, over gRPC.
#include "masthead/memberships/v1/stats_service.grpc.pb.h"
#include "masthead/memberships/v1/support_service.grpc.pb.h"
#include "tests/memberships/members/subscription_rows.h"
#include "tests/memberships/newsroom.h"

namespace masthead::memberships {
namespace {

using testing::IsOk;
using testing::StatusIs;

class SupportServiceTest : public NewsroomTest {
 protected:
  using Support = v1::SupportService::Stub;
  using Stats = v1::StatsService::Stub;

  std::string Campaigner() { return server_.StaffToken({"campaigner"}); }

  absl::StatusOr<v1::Campaign> Announce(const std::string& id) {
    v1::CreateCampaignRequest request;
    request.set_campaign_id(id);
    *request.mutable_campaign() = Text<v1::Campaign>(R"pb(
      display_name: "Spring"
      texts { locale: "uk" headline: "Підтримайте нас" body: "Разом." button: "Долучитися" }
      goal { members: 200 }
      quote { text: "I read it every morning." person: "Olha Koval" title: "teacher" }
    )pb");
    request.mutable_campaign()->mutable_start_time()->set_seconds(absl::ToUnixSeconds(DatabaseNow()) - 60);
    return Call(Campaigner(), &Support::CreateCampaign, request);
  }
};

TEST_F(SupportServiceTest, EverybodySeesTheBannerOfTheCampaignThatRuns) {
  v1::Banner nothing_runs = *Call("", &Support::GetBanner, v1::GetBannerRequest());
  EXPECT_EQ(nothing_runs.campaign(), "");
  ASSERT_THAT(Announce("spring"), IsOk());
  EXPECT_THAT(Announce("spring"), StatusIs(absl::StatusCode::kAlreadyExists, "CAMPAIGN_EXISTS"));
  clock_.Advance(absl::Seconds(6));  // As long as what was told may be kept.

  const absl::StatusOr<v1::Banner> banner = Call("", &Support::GetBanner, v1::GetBannerRequest());

  ASSERT_THAT(banner, IsOk());
  EXPECT_EQ(banner->campaign(), "campaigns/spring");
  EXPECT_EQ(banner->text().headline(), "Підтримайте нас");
  EXPECT_EQ(banner->quote().person(), "Olha Koval");
  EXPECT_EQ(banner->goal().members(), 200);
}

TEST_F(SupportServiceTest, AMemberHasLinksOfTheMembersOwn) {
  Register("nina", "nina@example.org");
  Register("ada", "ada@example.org");
  v1::CreateReferralLinkRequest request;
  request.mutable_referral_link()->set_member("members/nina");
  EXPECT_THAT(Call(server_.MemberToken("members/ada"), &Support::CreateReferralLink, request),
              StatusIs(absl::StatusCode::kPermissionDenied, "NOT_OWN_RESOURCE"));

  const absl::StatusOr<v1::ReferralLink> link =
      Call(server_.MemberToken("members/nina"), &Support::CreateReferralLink, request);

  ASSERT_THAT(link, IsOk());
  v1::ListReferralLinksRequest list;
  list.set_member("members/nina");
  const absl::StatusOr<v1::ListReferralLinksResponse> links =
      Call(server_.MemberToken("members/nina"), &Support::ListReferralLinks, list);
  ASSERT_THAT(links, IsOk());
  ASSERT_EQ(links->referral_links_size(), 1);
  EXPECT_EQ(links->referral_links(0).name(), link->name());
}

TEST_F(SupportServiceTest, RevenueComesFromWhatHappenedAndIsRoundedOnce) {
  for (const char* id : {"a", "b", "c"}) {
    Register(id, absl::StrCat(id, "@example.org"));
    InsertPaidSubscription(database_, absl::StrCat("s-", id), id);
    database_.Execute(absl::StrCat(
        "INSERT INTO subscription_changes (subscription_id, member_id, event, state_before, state_after, currency, "
        "annual_before, annual_after, change_time) VALUES ('s-",
        id, "', '", id, "', 'started', 'INCOMPLETE', 'ACTIVE', 'EUR', 0, 5000, db_now())"));
  }
  const std::string finance = server_.StaffToken({"finance"});

  const absl::StatusOr<v1::RevenueStats> revenue = Call(finance, &Stats::GetRevenueStats, v1::GetRevenueStatsRequest());

  ASSERT_THAT(revenue, IsOk());
  ASSERT_EQ(revenue->current_size(), 1);
  EXPECT_EQ(revenue->current(0).minor_units(), 1250);
  const absl::StatusOr<v1::Counters> counters = Call(finance, &Stats::GetCounters, v1::GetCountersRequest());
  ASSERT_THAT(counters, IsOk());
  EXPECT_EQ(counters->members(), 3);
  EXPECT_EQ(counters->paying(), 3);
  EXPECT_EQ(Call(Campaigner(), &Stats::GetRevenueStats, v1::GetRevenueStatsRequest()).status().code(),
            absl::StatusCode::kPermissionDenied);
}

}  // namespace
}  // namespace masthead::memberships
