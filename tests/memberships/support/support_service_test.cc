// What supporters and those who count them see, over gRPC.
#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "common/db/now.h"
#include "masthead/memberships/v1/stats_service.grpc.pb.h"
#include "masthead/memberships/v1/support_service.grpc.pb.h"
#include "services/memberships/support/donations.h"
#include "tests/memberships/members/subscription_rows.h"
#include "tests/memberships/newsroom.h"

namespace masthead::memberships {
namespace {

using ::testing::IsEmpty;
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

// What Nina gave, as the books have it.
class DonationsTest : public SupportServiceTest {
 protected:
  DonationsTest() {
    Register("nina", "nina@example.org");
    Register("omar", "omar@example.org");
    EXPECT_THAT(Announce("spring"), IsOk());
  }

  void Give(const std::string& id, const std::string& member, const std::string& details, int64_t amount = 500) {
    database_.Execute(absl::StrCat(R"sql(
      INSERT INTO invoices (id, number, member_id, kind, currency, subtotal, discount, tax, total, paid, state,
                            revenue_account, revision, create_time, due_time)
      SELECT 'i-)sql",
                                   id, "', count(*) + 1, '", member, "', 'MANUAL', 'EUR', ", amount, ", 0, 0, ", amount,
                                   ", ", amount,
                                   R"sql(, 'PAID', 'REVENUE_DONATION', 1, db_now(), db_now() FROM invoices;
      INSERT INTO payments (id, member_id, invoice_id, attempt, kind, currency, amount, state, provider, revision,
                            create_time)
      VALUES (')sql",
                                   id, "', '", member, "', 'i-", id, "', 1, 'MANUAL', 'EUR', ", amount,
                                   ", 'SUCCEEDED', 'ledgerpay', 1, db_now())"));
    Checkout checkout;
    checkout.id = "c-" + id;
    checkout.member_id = member;
    checkout.kind = Checkout::Kind::kDonation;
    checkout.details = details;
    Write([&](db::Transaction& tx) {
      ReceiveDonation(tx, memberships_.feed(), checkout, id, db::Now(tx));
      ReceiveDonation(tx, memberships_.feed(), checkout, id, db::Now(tx));  // The money may be told of twice.
    });
    MoveTime(absl::Seconds(1));
  }

  template <typename Body>
  void Write(Body body) {
    ASSERT_THAT(database_.database().Write({},
                                           [&](db::Transaction& tx) {
                                             body(tx);
                                             return absl::OkStatus();
                                           }),
                IsOk());
  }

  absl::StatusOr<v1::ListDonationsResponse> List(const std::string& token, const std::string& more) {
    return Call(token, &Support::ListDonations, Text<v1::ListDonationsRequest>(more));
  }
};

TEST_F(DonationsTest, EachIsReceivedOnceAndThankedForOnce) {
  Give("p1", "nina", R"({"campaign": "spring", "message": "Go on!", "public_name": "Nina K."})");

  const std::vector<v1::Event> events = FeedOf("donation.received");
  ASSERT_EQ(events.size(), 1u);
  EXPECT_EQ(events[0].donation_received().amount(), 500);
  EXPECT_EQ(events[0].donation_received().campaign(), "campaigns/spring");
  EXPECT_EQ(events[0].donation_received().payment(), "members/nina/payments/p1");
  SendMail();
  ASSERT_EQ(notifications_.letters().size(), 1u);
  EXPECT_EQ(notifications_.letters()[0].values().at("amount"), "5.00");
  EXPECT_EQ(notifications_.letters()[0].values().at("campaign"), "Spring");
}

TEST_F(DonationsTest, AreListedByMemberAndCampaignTheLatestFirst) {
  Give("p1", "nina", R"({"campaign": "spring", "message": "Go on!", "public_name": "Nina K."})");
  Give("p2", "omar", R"({"message": "quietly"})", 700);
  Give("p3", "nina", R"({"campaign": "no such campaign"})", 900);

  const auto all = List(Campaigner(), "parent: 'members/-' page_size: 2");
  ASSERT_THAT(all, IsOk());
  ASSERT_EQ(all->donations_size(), 2);
  EXPECT_EQ(all->donations(0).name(), "members/nina/donations/p3");
  EXPECT_EQ(all->donations(0).campaign(), "");
  EXPECT_TRUE(all->donations(1).anonymous()) << "who says no name is not to be named";
  const auto rest =
      List(Campaigner(), absl::StrCat("parent: 'members/-' page_size: 2 page_token: '", all->next_page_token(), "'"));
  ASSERT_THAT(rest, IsOk());
  ASSERT_EQ(rest->donations_size(), 1);
  EXPECT_EQ(rest->donations(0).public_name(), "Nina K.");
  EXPECT_EQ(rest->donations(0).message(), "Go on!");
  EXPECT_EQ(List(Campaigner(), "parent: 'members/-' campaign: 'campaigns/spring'")->donations_size(), 1);

  const std::string nina = server_.MemberToken("members/nina");
  EXPECT_EQ(List(nina, "parent: 'members/nina'")->donations_size(), 2);
  EXPECT_THAT(List(nina, "parent: 'members/omar'"), StatusIs(absl::StatusCode::kPermissionDenied, "NOT_OWN_RESOURCE"));
  EXPECT_THAT(List(nina, "parent: 'members/-'"), StatusIs(absl::StatusCode::kPermissionDenied, "NOT_OWN_RESOURCE"));
}

TEST_F(DonationsTest, OneWhoseMoneyWentBackStaysOnRecordAndCountsNoLonger) {
  Give("p1", "nina", R"({"campaign": "spring"})");
  EXPECT_EQ(database_.QueryValue("SELECT count(*) FROM donations WHERE take_back_time IS NULL"), "1");

  Write([&](db::Transaction& tx) { TakeBackDonation(tx, memberships_.feed(), "p1", db::Now(tx)); });

  const auto listed = List(Campaigner(), "parent: 'members/nina'");
  ASSERT_THAT(listed, IsOk());
  EXPECT_TRUE(listed->donations(0).has_take_back_time());
}

// Streams of what never changes: each row once, in order, and on from wherever a reader stopped.
class ExportsTest : public SupportServiceTest {
 protected:
  ExportsTest() {
    for (int i = 0; i < 7; ++i) {
      const std::string id = absl::StrCat("m", i);
      Register(id, absl::StrCat(id, "@example.org"));
      InsertPaidSubscription(database_, absl::StrCat("s-", id), id);
      database_.Execute(absl::StrCat(
          "INSERT INTO subscription_changes (subscription_id, member_id, event, state_before, state_after, currency, "
          "annual_before, annual_after, change_time) VALUES ('s-",
          id, "', '", id, "', 'started', 'INCOMPLETE', 'ACTIVE', 'EUR', 0, 6000, db_now())"));
    }
    MoveTime(absl::Minutes(3));  // What is younger than two minutes waits.
  }

  template <typename Request, typename Response>
  absl::StatusOr<std::vector<Response>> ReadAll(
      std::unique_ptr<grpc::ClientReader<Response>> (Stats::*method)(grpc::ClientContext*, const Request&),
      const Request& request, const std::string& token) {
    Stats stub(server_.Channel());
    grpc::ClientContext context;
    rpc::Prepare(context, absl::Now() + absl::Seconds(20));
    testing::Authorize(context, token);
    const auto reader = (stub.*method)(&context, request);
    std::vector<Response> messages;
    Response message;
    while (reader->Read(&message)) messages.push_back(message);
    const grpc::Status status = reader->Finish();
    if (!status.ok()) return rpc::FromGrpcStatus(status);
    return messages;
  }

  const std::string finance_ = server_.StaffToken({"finance"});
};

TEST_F(ExportsTest, TheLedgerComesInPagesAndGoesOnWhereAReaderStopped) {
  v1::ExportLedgerRequest request;
  request.set_page_size(3);
  const auto whole = ReadAll(&Stats::ExportLedger, request, finance_);
  ASSERT_THAT(whole, IsOk());
  ASSERT_EQ(whole->size(), 3u);
  std::vector<int64_t> sequences;
  int64_t sum = 0;
  for (const auto& page : *whole) {
    for (const auto& transaction : page.transactions()) {
      sequences.push_back(transaction.sequence());
      EXPECT_EQ(transaction.entries_size(), 2);
      for (const auto& entry : transaction.entries()) sum += entry.amount().minor_units();
    }
  }
  EXPECT_EQ(sequences.size(), 7u);
  EXPECT_TRUE(std::is_sorted(sequences.begin(), sequences.end()));
  EXPECT_EQ(sum, 0);
  EXPECT_EQ((*whole)[0].transactions(0).member(), "members/m0");
  EXPECT_EQ((*whole)[0].transactions(0).invoice(), "members/m0/invoices/invoice-s-m0");

  request.set_page_token((*whole)[0].next_page_token());
  const auto rest = ReadAll(&Stats::ExportLedger, request, finance_);
  ASSERT_THAT(rest, IsOk());
  ASSERT_EQ(rest->size(), 2u);
  EXPECT_EQ((*rest)[0].transactions(0).sequence(), sequences[3]);
  EXPECT_THAT(ReadAll(&Stats::ExportLedger, request, server_.StaffToken({"finance"}, "staffMembers/other")),
              StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST_F(ExportsTest, MovesOfSubscriptionsComeOnceEachAndLaterOnesFromTheLastToken) {
  v1::ExportSubscriptionChangesRequest request;
  const auto whole = ReadAll(&Stats::ExportSubscriptionChanges, request, finance_);
  ASSERT_THAT(whole, IsOk());
  ASSERT_EQ(whole->size(), 1u);
  EXPECT_EQ((*whole)[0].changes_size(), 7);
  EXPECT_EQ((*whole)[0].changes(0).event(), "started");
  EXPECT_EQ((*whole)[0].changes(0).annual_after(), 6000);
  database_.Execute(
      "INSERT INTO subscription_changes (subscription_id, member_id, event, state_before, state_after, currency, "
      "annual_before, annual_after, change_time) VALUES ('s-m0', 'm0', 'ended', 'ACTIVE', 'CANCELED', 'EUR', 6000, 0, "
      "db_now())");

  request.set_page_token((*whole)[0].next_page_token());
  EXPECT_THAT(ReadAll(&Stats::ExportSubscriptionChanges, request, finance_), testing::IsOkAndHolds(IsEmpty()));
  MoveTime(absl::Minutes(3));
  const auto later = ReadAll(&Stats::ExportSubscriptionChanges, request, finance_);

  ASSERT_THAT(later, IsOk());
  ASSERT_EQ(later->size(), 1u);
  ASSERT_EQ((*later)[0].changes_size(), 1);
  EXPECT_EQ((*later)[0].changes(0).event(), "ended");
  EXPECT_EQ(ReadAll(&Stats::ExportSubscriptionChanges, request, Campaigner()).status().code(),
            absl::StatusCode::kPermissionDenied);
}

}  // namespace
}  // namespace masthead::memberships
