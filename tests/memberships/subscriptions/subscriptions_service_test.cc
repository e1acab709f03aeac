#include "services/memberships/subscriptions/subscriptions_service.h"

#include <atomic>
#include <thread>

#include "absl/strings/str_cat.h"
#include "common/ids/uuid.h"
#include "gmock/gmock.h"
#include "services/memberships/subscriptions/due_changes.h"
#include "tests/memberships/newsroom.h"

namespace masthead::memberships {
namespace {

using ::masthead::testing::IsOk;
using ::masthead::testing::IsOkAndHolds;
using ::masthead::testing::StatusIs;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class SubscriptionsServiceTest : public NewsroomTest {
 protected:
  SubscriptionsServiceTest() {
    Register("nina", "nina@example.org");
    MakeTier("gold");
    MakeTier("silver");
  }

  absl::StatusOr<v1::Grant> Revoke(const v1::Grant& grant, const std::string& etag) {
    v1::RevokeGrantRequest request;
    request.set_name(grant.name());
    request.set_etag(etag);
    return Call(Backend(), &Subscriptions::RevokeGrant, request);
  }

  absl::StatusOr<v1::Grant> Get(const std::string& token, const std::string& name) {
    v1::GetGrantRequest request;
    request.set_name(name);
    return Call(token, &Subscriptions::GetGrant, request);
  }

  absl::StatusOr<v1::Grant> GrantBetween(const std::string& tier_id, absl::Duration start, absl::Duration end) {
    v1::CreateGrantRequest request;
    request.set_parent("members/nina");
    request.mutable_grant()->set_tier("tiers/" + tier_id);
    request.mutable_grant()->mutable_start_time()->set_seconds(absl::ToUnixSeconds(DatabaseNow() + start));
    request.mutable_grant()->mutable_end_time()->set_seconds(absl::ToUnixSeconds(DatabaseNow() + end));
    return Call(Backend(), &Subscriptions::CreateGrant, request);
  }

  absl::StatusOr<int> RunDueWork() {
    return AnnounceDueChanges(database_.database(), memberships_.feed(), {.deadline = absl::Now() + absl::Seconds(20)});
  }

  // What each entitlements.changed said, oldest first.
  std::vector<std::string> ToldTiers() {
    std::vector<std::string> told;
    for (const v1::Event& event : FeedOf("entitlements.changed")) {
      std::string tiers;
      for (const std::string& tier : event.entitlements_changed().tiers()) absl::StrAppend(&tiers, tier, ";");
      told.push_back(tiers);
    }
    return told;
  }
};

TEST_F(SubscriptionsServiceTest, AGrantGivesATierAndIsAnnounced) {
  const auto grant = GrantTier("nina", "gold");

  ASSERT_THAT(grant, IsOk());
  EXPECT_EQ(grant->state(), v1::Grant::ACTIVE);
  EXPECT_TRUE(grant->has_start_time());
  EXPECT_FALSE(grant->has_end_time());
  EXPECT_EQ(Get(Backend(), grant->name())->SerializeAsString(), grant->SerializeAsString());
  EXPECT_THAT(ToldTiers(), ElementsAre("tiers/gold;"));
}

TEST_F(SubscriptionsServiceTest, GrantsAddUpAndTheEndOfOneTakesNothingFromAnother) {
  const auto first = GrantTier("nina", "gold");
  const auto second = GrantTier("nina", "gold", absl::Hours(1));
  ASSERT_THAT(second, IsOk());
  ASSERT_THAT(GrantTier("nina", "silver"), IsOk());

  ASSERT_THAT(Revoke(*first, first->etag()), IsOk());

  EXPECT_THAT(ToldTiers(), ElementsAre("tiers/gold;", "tiers/gold;tiers/silver;"));
  ASSERT_THAT(Revoke(*second, "*"), IsOk());
  EXPECT_THAT(ToldTiers(), ElementsAre("tiers/gold;", "tiers/gold;tiers/silver;", "tiers/silver;"));
}

TEST_F(SubscriptionsServiceTest, ARevokedGrantStaysOnRecordAndIsRevokedOnce) {
  const auto grant = GrantTier("nina", "gold");
  EXPECT_THAT(Revoke(*grant, "\"stale\""), StatusIs(absl::StatusCode::kAborted, "ETAG_MISMATCH"));

  const auto revoked = Revoke(*grant, grant->etag());

  ASSERT_THAT(revoked, IsOk());
  EXPECT_EQ(revoked->state(), v1::Grant::REVOKED);
  EXPECT_TRUE(revoked->has_revoke_time());
  EXPECT_THAT(Revoke(*grant, "*"), StatusIs(absl::StatusCode::kFailedPrecondition, "GRANT_OVER"));
  EXPECT_EQ(Get(Backend(), grant->name())->state(), v1::Grant::REVOKED);
}

TEST_F(SubscriptionsServiceTest, WhatTimeEndsIsAnnouncedOnce) {
  ASSERT_THAT(GrantTier("nina", "gold", absl::Hours(1)), IsOk());
  EXPECT_THAT(RunDueWork(), IsOkAndHolds(0));

  MoveTime(absl::Hours(2));
  EXPECT_THAT(RunDueWork(), IsOkAndHolds(1));
  EXPECT_THAT(RunDueWork(), IsOkAndHolds(0));

  EXPECT_THAT(ToldTiers(), ElementsAre("tiers/gold;", ""));
}

TEST_F(SubscriptionsServiceTest, WhatTimeStartsIsAnnouncedThenItsEnd) {
  const auto grant = GrantBetween("gold", absl::Hours(1), absl::Hours(3));
  ASSERT_THAT(grant, IsOk());
  EXPECT_EQ(grant->state(), v1::Grant::SCHEDULED);
  EXPECT_THAT(ToldTiers(), IsEmpty());

  MoveTime(absl::Hours(2));
  EXPECT_THAT(RunDueWork(), IsOkAndHolds(1));
  EXPECT_THAT(ToldTiers(), ElementsAre("tiers/gold;"));
  MoveTime(absl::Hours(2));
  EXPECT_THAT(RunDueWork(), IsOkAndHolds(1));
  EXPECT_THAT(ToldTiers(), ElementsAre("tiers/gold;", ""));
}

TEST_F(SubscriptionsServiceTest, AnEndThatChangesNothingIsNotAnnounced) {
  ASSERT_THAT(GrantTier("nina", "gold"), IsOk());
  ASSERT_THAT(GrantTier("nina", "gold", absl::Hours(1)), IsOk());
  MoveTime(absl::Hours(2));

  EXPECT_THAT(RunDueWork(), IsOkAndHolds(1));

  EXPECT_THAT(ToldTiers(), ElementsAre("tiers/gold;"));
}

TEST_F(SubscriptionsServiceTest, ManyWorkersAnnounceEachEndOnce) {
  for (int i = 0; i < 30; ++i) Register(absl::StrCat("m", i), absl::StrCat("m", i, "@example.org"));
  for (int i = 0; i < 30; ++i) ASSERT_THAT(GrantTier(absl::StrCat("m", i), "gold", absl::Hours(1)), IsOk());
  MoveTime(absl::Hours(2));
  std::atomic<int> handled = 0;
  {
    std::vector<std::thread> workers;
    for (int i = 0; i < 3; ++i) {
      workers.emplace_back([&] {
        const absl::StatusOr<int> looked_at = RunDueWork();
        ASSERT_THAT(looked_at, IsOk());
        handled += *looked_at;
      });
    }
    for (std::thread& worker : workers) worker.join();
  }
  EXPECT_EQ(handled, 30);
  EXPECT_THAT(ToldTiers(), SizeIs(60));
}

TEST_F(SubscriptionsServiceTest, NobodyIsTrackedAfterDeletion) {
  ASSERT_THAT(GrantTier("nina", "gold", absl::Hours(1)), IsOk());
  v1::DeleteMemberRequest goodbye;
  goodbye.set_name("members/nina");
  goodbye.set_etag("*");
  ASSERT_THAT(Call(Backend(), &Members::DeleteMember, goodbye), IsOk());
  MoveTime(absl::Hours(2));

  EXPECT_THAT(RunDueWork(), IsOkAndHolds(1));

  EXPECT_THAT(ToldTiers(), ElementsAre("tiers/gold;"));
  EXPECT_THAT(GrantTier("nina", "gold"), StatusIs(absl::StatusCode::kNotFound, "MEMBER_NOT_FOUND"));
}

TEST_F(SubscriptionsServiceTest, AGrantNeedsAMemberATierAndAFuture) {
  EXPECT_THAT(GrantTier("nobody", "gold"), StatusIs(absl::StatusCode::kNotFound, "MEMBER_NOT_FOUND"));
  EXPECT_THAT(GrantTier("nina", "platinum"), StatusIs(absl::StatusCode::kNotFound, "TIER_NOT_FOUND"));
  EXPECT_THAT(GrantTier("nina", "gold", -absl::Hours(1)),
              StatusIs(absl::StatusCode::kInvalidArgument, "INVALID_FIELD"));
  EXPECT_THAT(GrantBetween("gold", absl::Hours(2), absl::Hours(1)),
              StatusIs(absl::StatusCode::kInvalidArgument, "INVALID_FIELD"));
}

TEST_F(SubscriptionsServiceTest, ARepetitionAfterTheEndStillGetsItsAnswer) {
  v1::CreateGrantRequest request;
  request.set_parent("members/nina");
  request.set_request_id(ids::NewUuid());
  request.mutable_grant()->set_tier("tiers/gold");
  request.mutable_grant()->mutable_end_time()->set_seconds(absl::ToUnixSeconds(DatabaseNow() + absl::Hours(1)));
  const auto first = Call(Backend(), &Subscriptions::CreateGrant, request);
  ASSERT_THAT(first, IsOk());
  MoveTime(absl::Hours(2));

  const auto second = Call(Backend(), &Subscriptions::CreateGrant, request);

  ASSERT_THAT(second, IsOk());
  EXPECT_EQ(first->SerializeAsString(), second->SerializeAsString());
}

TEST_F(SubscriptionsServiceTest, OpenGrantsAreBounded) {
  database_.Execute(
      "INSERT INTO grants (member_id, id, tier_id, start_time, reason, revision, create_time) "
      "SELECT 'nina', 'g' || i, 'gold', db_now(), '', 1, db_now() FROM generate_series(1, 50) AS i");
  EXPECT_THAT(GrantTier("nina", "silver"), StatusIs(absl::StatusCode::kFailedPrecondition, "TOO_MANY_GRANTS"));
}

TEST_F(SubscriptionsServiceTest, AMemberSeesTheOwnGrantsNewestFirstAndNobodyElses) {
  ASSERT_THAT(GrantTier("nina", "gold"), IsOk());
  ASSERT_THAT(GrantTier("nina", "silver"), IsOk());
  const std::string nina = server_.MemberToken("members/nina");
  v1::ListGrantsRequest request;
  request.set_parent("members/nina");
  request.set_page_size(1);

  const auto first = Call(nina, &Subscriptions::ListGrants, request);
  ASSERT_THAT(first, IsOk());
  ASSERT_THAT(first->grants(), SizeIs(1));
  EXPECT_EQ(first->grants(0).tier(), "tiers/silver");
  request.set_page_token(first->next_page_token());
  const auto second = Call(nina, &Subscriptions::ListGrants, request);
  ASSERT_THAT(second, IsOk());
  EXPECT_EQ(second->grants(0).tier(), "tiers/gold");
  EXPECT_EQ(second->next_page_token(), "");

  request.Clear();
  request.set_parent("members/omar");
  EXPECT_THAT(Call(nina, &Subscriptions::ListGrants, request),
              StatusIs(absl::StatusCode::kPermissionDenied, "NOT_OWN_RESOURCE"));
  EXPECT_THAT(Get(nina, "members/omar/grants/g"), StatusIs(absl::StatusCode::kPermissionDenied, "NOT_OWN_RESOURCE"));
}

}  // namespace
}  // namespace masthead::memberships
