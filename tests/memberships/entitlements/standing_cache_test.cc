// What is kept of who may read what: how long, how much, and what never.
#include "services/memberships/entitlements/standing_cache.h"

#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "tests/memberships/newsroom.h"

namespace masthead::memberships {
namespace {

using ::masthead::testing::IsOk;
using ::masthead::testing::StatusIs;

constexpr absl::Duration kFreshness = absl::Seconds(1);

class StandingCacheTest : public ::testing::Test {
 protected:
  static Standing WithTier(const std::string& tier_id) {
    return {.registered = true,
            .grants = {{.member_id = "nina", .id = "g", .tier_id = tier_id, .start_time = absl::UnixEpoch()}}};
  }

  ManualClock clock_{absl::FromUnixSeconds(1'800'000'000)};
  const absl::Time database_now_ = clock_.Now() - absl::Seconds(30);  // The database's clock is another.
  StandingCache cache_{clock_, kFreshness, 64 << 10};
};

TEST_F(StandingCacheTest, TellsAStandingUntilItIsOld) {
  cache_.Keep("nina", WithTier("gold"), database_now_, cache_.BeginLoad("nina"));

  clock_.Advance(kFreshness - absl::Milliseconds(1));
  EXPECT_TRUE(cache_.Find("nina").has_value());
  clock_.Advance(absl::Milliseconds(1));
  EXPECT_FALSE(cache_.Find("nina").has_value());
  EXPECT_EQ(cache_.bytes(), 0);
}

TEST_F(StandingCacheTest, TheAgeCountsFromBeforeItWasRead) {
  const StandingCache::Ticket ticket = cache_.BeginLoad("nina");
  clock_.Advance(kFreshness);

  cache_.Keep("nina", WithTier("gold"), database_now_, ticket);

  EXPECT_FALSE(cache_.Find("nina").has_value());
}

TEST_F(StandingCacheTest, TheDatabasesClockRunsOnBesideIt) {
  cache_.Keep("nina", WithTier("gold"), database_now_, cache_.BeginLoad("nina"));

  clock_.Advance(absl::Milliseconds(400));

  EXPECT_EQ(cache_.Find("nina")->now, database_now_ + absl::Milliseconds(400));
}

TEST_F(StandingCacheTest, AClockThatIsPutBackMakesNothingYoungAgain) {
  cache_.Keep("nina", WithTier("gold"), database_now_, cache_.BeginLoad("nina"));

  clock_.Advance(-absl::Minutes(1));

  EXPECT_FALSE(cache_.Find("nina").has_value());
}

TEST_F(StandingCacheTest, WhatWasReadBeforeAChangeIsNotKeptAfterIt) {
  const StandingCache::Ticket ticket = cache_.BeginLoad("nina");

  cache_.Forget("nina");
  cache_.Keep("nina", WithTier("gold"), database_now_, ticket);

  EXPECT_FALSE(cache_.Find("nina").has_value());
}

TEST_F(StandingCacheTest, AChangeOfOneMemberLeavesAnotherAlone) {
  cache_.Keep("nina", WithTier("gold"), database_now_, cache_.BeginLoad("nina"));
  cache_.Keep("omar", WithTier("gold"), database_now_, cache_.BeginLoad("omar"));

  cache_.Forget("omar");

  EXPECT_TRUE(cache_.Find("nina").has_value());
  EXPECT_FALSE(cache_.Find("omar").has_value());
}

TEST_F(StandingCacheTest, AnOlderReadingDoesNotReplaceANewerOne) {
  const StandingCache::Ticket slow = cache_.BeginLoad("nina");
  clock_.Advance(absl::Milliseconds(1));
  cache_.Keep("nina", WithTier("gold"), database_now_, cache_.BeginLoad("nina"));

  cache_.Keep("nina", WithTier("silver"), database_now_, slow);

  EXPECT_EQ(cache_.Find("nina")->standing->grants.front().tier_id, "gold");
}

TEST_F(StandingCacheTest, HoldsNoMoreThanItMayHoweverManyAreAskedAbout) {
  for (int i = 0; i < 5000; ++i) {
    const std::string id = absl::StrCat("reader-", i);
    cache_.Keep(id, WithTier("gold"), database_now_, cache_.BeginLoad(id));
    ASSERT_LE(cache_.bytes(), 64u << 10);
  }
  EXPECT_GT(cache_.bytes(), 0u);
  EXPECT_TRUE(cache_.Find("reader-4999").has_value());
  EXPECT_FALSE(cache_.Find("reader-0").has_value());
}

TEST_F(StandingCacheTest, KeepsNothingWhereNothingMayBeOld) {
  StandingCache none(clock_, absl::ZeroDuration(), 64 << 10);

  none.Keep("nina", WithTier("gold"), database_now_, none.BeginLoad("nina"));

  EXPECT_FALSE(none.Find("nina").has_value());
  EXPECT_EQ(none.bytes(), 0u);
}

// Two replicas on one database: `memberships_`, and one that keeps standings. The clock stands still until it is moved.
class KeptStandingTest : public NewsroomTest {
 protected:
  KeptStandingTest() {
    Register("nina", "nina@example.org");
    MakeTier("gold");
  }

  static v1::CheckAccessRequest Question() {
    return Text<v1::CheckAccessRequest>(
        R"pb(member: "members/nina"
             requirement { level: PLANS tiers: "tiers/gold" })pb");
  }

  bool MayRead() {
    const auto decision = CallOn(keeping_server_.ChannelAs("articles"), "", &Entitlements::CheckAccess, Question());
    EXPECT_THAT(decision, IsOk());
    return decision.ok() && decision->granted();
  }

  // For whoever is connected, and for good.
  void CutDatabaseOff() {
    database_.Execute("UPDATE pg_database SET datallowconn = false WHERE datname = current_database()");
    database_.Execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> "
        "pg_backend_pid()");
  }

  std::string KeepingBackend() { return keeping_server_.BackendToken({"members.read", "members.write"}); }

  static v1::DeleteMemberRequest Goodbye() {
    v1::DeleteMemberRequest request;
    request.set_name("members/nina");
    request.set_etag("*");
    return request;
  }

  Memberships keeping_{needs_, {.sign_in = kSignIn, .standing_freshness = kFreshness}};
  testing::TestServer keeping_server_{keeping_.services()};
};

TEST_F(KeptStandingTest, IsToldWithoutTheDatabaseForAMoment) {
  ASSERT_THAT(GrantTier("nina", "gold"), IsOk());
  ASSERT_TRUE(MayRead());
  CutDatabaseOff();

  EXPECT_TRUE(MayRead());
}

TEST_F(KeptStandingTest, WhoIsGivenATierHereReadsAtOnce) {
  ASSERT_FALSE(MayRead());
  v1::CreateGrantRequest request;
  request.set_parent("members/nina");
  request.mutable_grant()->set_tier("tiers/gold");
  ASSERT_THAT(CallOn(keeping_server_.Channel(), KeepingBackend(), &Subscriptions::CreateGrant, request), IsOk());

  EXPECT_TRUE(MayRead());
}

TEST_F(KeptStandingTest, WhoIsShutOutHereReadsNothingAtOnce) {
  ASSERT_THAT(GrantTier("nina", "gold"), IsOk());
  ASSERT_TRUE(MayRead());
  ASSERT_THAT(CallOn(keeping_server_.Channel(), KeepingBackend(), &Members::DeleteMember, Goodbye()), IsOk());

  EXPECT_FALSE(MayRead());
}

TEST_F(KeptStandingTest, WhoIsShutOutElsewhereReadsNothingOnceTheStandingIsOld) {
  ASSERT_THAT(GrantTier("nina", "gold"), IsOk());
  ASSERT_TRUE(MayRead());
  ASSERT_THAT(Call(Backend(), &Members::DeleteMember, Goodbye()), IsOk());

  clock_.Advance(kFreshness);

  EXPECT_FALSE(MayRead());
}

TEST_F(KeptStandingTest, AGrantThatEndsIsGoneAtItsTimeThoughTheStandingIsYoung) {
  ASSERT_THAT(GrantTier("nina", "gold", absl::Hours(1)), IsOk());
  database_.Execute("UPDATE grants SET end_time = db_now() + interval '30 seconds'");
  MoveTime(absl::Seconds(30) - absl::Milliseconds(400));
  ASSERT_TRUE(MayRead());

  clock_.Advance(absl::Milliseconds(401));

  EXPECT_FALSE(MayRead());
}

TEST_F(KeptStandingTest, AnOldStandingLetsNobodyInWhenTheDatabaseIsGone) {
  ASSERT_THAT(GrantTier("nina", "gold"), IsOk());
  ASSERT_TRUE(MayRead());
  CutDatabaseOff();

  clock_.Advance(kFreshness);

  EXPECT_THAT(CallOn(keeping_server_.ChannelAs("articles"), "", &Entitlements::CheckAccess, Question()),
              StatusIs(absl::StatusCode::kUnavailable));
}

TEST_F(KeptStandingTest, AViewIsCountedByTheDatabaseThoughTheStandingIsKept) {
  v1::CreateMeterPolicyRequest policy;
  policy.set_meter_policy_id("monthly");
  *policy.mutable_meter_policy() = Text<v1::MeterPolicy>(R"pb(display_name: "Free"
                                                              window: MONTH
                                                              time_zone: "UTC"
                                                              levels: PLANS
                                                              registered_max_views { value: 1 })pb");
  ASSERT_THAT(Call(Backend(), &Plans::CreateMeterPolicy, policy), IsOk());
  ASSERT_FALSE(MayRead());
  v1::CheckAccessRequest first = Question();
  first.set_article("articles/first");
  v1::CheckAccessRequest second = Question();
  second.set_article("articles/second");
  const auto channel = keeping_server_.ChannelAs("articles");

  EXPECT_TRUE(CallOn(channel, "", &Entitlements::CheckAccess, first)->granted());
  EXPECT_FALSE(CallOn(channel, "", &Entitlements::CheckAccess, second)->granted());
  EXPECT_EQ(database_.QueryValue("SELECT count(*) FROM meters"), "1");
}

TEST_F(KeptStandingTest, AMemberAsksForTheOwnAccessOnlyThoughItIsKept) {
  ASSERT_FALSE(MayRead());

  EXPECT_THAT(CallOn(keeping_server_.Channel(), keeping_server_.MemberToken("members/omar"), &Entitlements::CheckAccess,
                     Question()),
              StatusIs(absl::StatusCode::kPermissionDenied, "NOT_OWN_RESOURCE"));
}

}  // namespace
}  // namespace masthead::memberships
