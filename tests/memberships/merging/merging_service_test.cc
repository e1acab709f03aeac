#include "services/memberships/merging/merging_service.h"

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "masthead/memberships/v1/billing_service.grpc.pb.h"
#include "services/memberships/books/ledger_store.h"
#include "tests/memberships/members/subscription_rows.h"
#include "tests/memberships/newsroom.h"

namespace masthead::memberships {
namespace {

using ::masthead::testing::IsOk;
using ::masthead::testing::StatusIs;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class MergingServiceTest : public NewsroomTest {
 protected:
  void SetUp() override {
    Register("nina", "nina@example.org");
    Register("old", "old@example.org");
  }

  absl::StatusOr<v1::Member> Merge(const std::string& more = "") {
    return Call(Backend(), &Members::MergeMembers,
                Text<v1::MergeMembersRequest>(
                    absl::StrCat("name: \"members/old\" into: \"members/nina\" etag: \"*\" into_etag: \"*\" ", more)));
  }

  absl::StatusOr<v1::Member> Get(const std::string& id) {
    v1::GetMemberRequest request;
    request.set_name("members/" + id);
    return Call(Backend(), &Members::GetMember, request);
  }

  void Say(const std::string& id, const std::string& topic, bool granted) {
    v1::SetConsentRequest request;
    request.set_name(absl::StrCat("members/", id, "/consents/", topic));
    request.set_granted(granted);
    request.set_source("signup-form");
    ASSERT_THAT(Call(Backend(), &Members::SetConsent, request), IsOk());
  }
};

TEST_F(MergingServiceTest, TheFormerNameStandsForWhoStays) {
  ASSERT_THAT(Merge(), IsOk());
  const auto member = Get("old");
  ASSERT_THAT(member, IsOk());
  EXPECT_EQ(member->name(), "members/nina");
  EXPECT_EQ(member->email(), "nina@example.org");
  EXPECT_THAT(member->merged_from(), ElementsAre("members/old"));

  const std::vector<v1::Event> events = FeedOf("member.merged");
  ASSERT_THAT(events, SizeIs(1));
  EXPECT_EQ(events[0].resource(), "members/old");
  EXPECT_EQ(events[0].member_merged().merged_into(), "members/nina");
  EXPECT_EQ(database_.QueryValue("SELECT sum(members) FROM member_counter_shards"), "1");
  EXPECT_EQ(database_.QueryValue("SELECT count(*) FROM members WHERE wrapped_key IS NOT NULL"), "1");
}

TEST_F(MergingServiceTest, AFormerNameStaysRightWhenItsMemberIsMergedToo) {
  ASSERT_THAT(Merge(), IsOk());
  Register("omar", "omar@example.org");
  ASSERT_THAT(Call(Backend(), &Members::MergeMembers,
                   Text<v1::MergeMembersRequest>(R"pb(
                     name: "members/nina" into: "members/omar" etag: "*" into_etag: "*"
                   )pb")),
              IsOk());
  const auto member = Get("old");
  ASSERT_THAT(member, IsOk());
  EXPECT_EQ(member->name(), "members/omar");
  EXPECT_THAT(member->merged_from(), ElementsAre("members/nina", "members/old"));
}

TEST_F(MergingServiceTest, GrantsAndConsentsGoAlong) {
  MakeTier("gold");
  ASSERT_THAT(GrantTier("old", "gold"), IsOk());
  Say("nina", "breaking", true);
  Say("old", "breaking", false);
  Say("old", "sport", true);

  ASSERT_THAT(Merge(), IsOk());

  const auto member = Get("nina");
  ASSERT_THAT(member, IsOk());
  EXPECT_THAT(member->tiers(), ElementsAre("tiers/gold"));
  v1::ListConsentsRequest request;
  request.set_parent("members/nina");
  const auto consents = Call(Backend(), &Members::ListConsents, request);
  ASSERT_THAT(consents, IsOk());
  ASSERT_THAT(consents->consents(), SizeIs(2));
  EXPECT_FALSE(consents->consents(0).granted()) << "the later word was a withdrawal";
  EXPECT_TRUE(consents->consents(1).granted());
}

TEST_F(MergingServiceTest, OfTwoLiveSubscriptionsOneIsChosen) {
  InsertPaidSubscription(database_, "s-nina", "nina");
  InsertPaidSubscription(database_, "s-old", "old");
  EXPECT_THAT(Merge(), StatusIs(absl::StatusCode::kFailedPrecondition, "MERGE_CONFLICT"));
  EXPECT_EQ(Get("old")->name(), "members/old") << "nothing was merged";

  ASSERT_THAT(Merge("kept_subscription: \"members/old/subscriptions/s-old\""), IsOk());

  EXPECT_EQ(database_.QueryValue("SELECT string_agg(id || ' ' || state, ',' ORDER BY id) FROM subscriptions"),
            "s-nina CANCELED,s-old ACTIVE");
  EXPECT_EQ(database_.QueryValue("SELECT count(*) FROM subscriptions WHERE member_id = 'nina'"), "2");
  EXPECT_EQ(database_.QueryValue("SELECT count(*) FROM invoices WHERE member_id = 'nina'"), "2");
  EXPECT_EQ(database_.QueryValue("SELECT member_id FROM ledger_transactions WHERE invoice_id = 'invoice-s-old'"), "old")
      << "what was booked stays as it was booked";
}

TEST_F(MergingServiceTest, WhatWouldBeIsTriedWithoutEffect) {
  ASSERT_THAT(Merge("validate_only: true"), IsOk());
  EXPECT_EQ(Get("old")->name(), "members/old");
  EXPECT_THAT(FeedOf("member.merged"), IsEmpty());
}

TEST_F(MergingServiceTest, NobodyIsMergedTwiceOrWithOneself) {
  EXPECT_THAT(Call(Backend(), &Members::MergeMembers,
                   Text<v1::MergeMembersRequest>(R"pb(
                     name: "members/old" into: "members/old" etag: "*" into_etag: "*"
                   )pb")),
              StatusIs(absl::StatusCode::kInvalidArgument, "INVALID_FIELD"));
  ASSERT_THAT(Merge(), IsOk());
  EXPECT_THAT(Merge(), StatusIs(absl::StatusCode::kFailedPrecondition, "MEMBER_MERGED"));
}

TEST_F(MergingServiceTest, AStaleEtagOfEitherIsRefused) {
  const std::string stale = Get("nina")->etag();
  v1::UpdateMemberRequest update =
      Text<v1::UpdateMemberRequest>(R"pb(member { name: "members/nina" display_name: "N" etag: "*" })pb");
  ASSERT_THAT(Call(Backend(), &Members::UpdateMember, update), IsOk());
  v1::MergeMembersRequest request =
      Text<v1::MergeMembersRequest>(R"pb(name: "members/old" into: "members/nina" etag: "*")pb");
  request.set_into_etag(stale);
  EXPECT_THAT(Call(Backend(), &Members::MergeMembers, request), StatusIs(absl::StatusCode::kAborted, "ETAG_MISMATCH"));
}

TEST_F(MergingServiceTest, AFormerAddressLeadsToWhoStaysUntilSomebodyElseHasIt) {
  ASSERT_THAT(Merge(), IsOk());
  v1::LookupMemberRequest request;
  request.set_email("Old@example.org");
  const auto found = Call(Backend(), &Members::LookupMember, request);
  ASSERT_THAT(found, IsOk());
  EXPECT_EQ(found->name(), "members/nina");

  Register("heir", "old@example.org");
  EXPECT_EQ(Call(Backend(), &Members::LookupMember, request)->name(), "members/heir");
}

TEST_F(MergingServiceTest, WhatTheMergedHadToTheGoodIsOfWhoStays) {
  const auto credit = [&](const std::string& id, int amount) {
    database_.Execute(absl::StrCat(R"sql(
      WITH t AS (
        INSERT INTO ledger_transactions (kind, member_id, record_time) VALUES ('credit', ')sql",
                                   id, R"sql(', db_now()) RETURNING id
      )
      INSERT INTO ledger_entries (transaction_id, line, account, currency, amount)
      SELECT id, 1, 'MEMBER_CREDIT', 'EUR', -)sql",
                                   amount, R"sql( FROM t
      UNION ALL
      SELECT id, 2, 'REVENUE_SUBSCRIPTION', 'EUR', )sql",
                                   amount, " FROM t"));
  };
  credit("old", 250);
  credit("nina", 100);
  ASSERT_THAT(Merge(), IsOk());

  v1::GetMemberCreditRequest request;
  request.set_name("members/nina");
  const auto held = Call(server_.StaffToken({"finance"}), &v1::BillingService::Stub::GetMemberCredit, request);
  ASSERT_THAT(held, IsOk());
  ASSERT_THAT(held->balances(), SizeIs(1));
  EXPECT_EQ(held->balances(0).minor_units(), 350);
  const auto usable =
      database_.database().Read({}, [](db::Transaction& tx) { return MemberCredit(tx, "nina", "EUR"); });
  EXPECT_THAT(usable, testing::IsOkAndHolds(350));
  EXPECT_EQ(database_.QueryValue("SELECT count(*) FROM ledger_transactions WHERE member_id = 'old'"), "1")
      << "what was booked stays as it was booked";
}

TEST_F(MergingServiceTest, WhatAProvidersOwnEngineBillsIsNotEndedHere) {
  InsertPaidSubscription(database_, "s-nina", "nina");
  InsertPaidSubscription(database_, "s-old", "old");
  database_.Execute("UPDATE subscriptions SET collection = 'EXTERNAL', external_ref = 'sub_1' WHERE id = 's-old'");
  EXPECT_THAT(Merge("kept_subscription: \"members/nina/subscriptions/s-nina\""),
              StatusIs(absl::StatusCode::kFailedPrecondition, "SUBSCRIPTION_IS_EXTERNAL"));
  EXPECT_THAT(Merge("kept_subscription: \"members/old/subscriptions/s-old\""), IsOk());
}

}  // namespace
}  // namespace masthead::memberships
