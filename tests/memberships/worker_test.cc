#include "services/memberships/worker.h"

#include "gmock/gmock.h"
#include "services/memberships/clearing.h"
#include "tests/memberships/newsroom.h"

namespace masthead::memberships {
namespace {

using ::masthead::testing::IsOk;
using ::masthead::testing::IsOkAndHolds;
using ::testing::SizeIs;

class WorkerTest : public NewsroomTest {};

TEST_F(WorkerTest, SaysUnaskedWhatTimeAndNumbersChanged) {
  Register("nina", "nina@example.org");
  MakeTier("gold");
  ASSERT_THAT(GrantTier("nina", "gold", absl::Hours(1)), IsOk());
  database_.Execute("UPDATE member_counter_shards SET members = 100 WHERE shard = 0");
  MoveTime(absl::Hours(2));
  memberships_.worker().Start();

  // One change at the grant, one at its end.
  const absl::Time patience = absl::Now() + absl::Seconds(20);
  while (FeedOf("entitlements.changed").size() + FeedOf("milestone.reached").size() < 3 && absl::Now() < patience) {
  }
  memberships_.worker().Stop();

  EXPECT_THAT(FeedOf("entitlements.changed"), SizeIs(2));
  EXPECT_THAT(FeedOf("milestone.reached"), SizeIs(1));
}

TEST_F(WorkerTest, StopsAtOnceAndMayNeverHaveStarted) {
  memberships_.worker().Start();
  const absl::Time before = absl::Now();
  memberships_.worker().Stop();
  memberships_.worker().Stop();
  EXPECT_LT(absl::Now() - before, absl::Seconds(5));
}

TEST_F(WorkerTest, WhatCountsNoLongerIsClearedAwayInOneGo) {
  database_.Execute(R"(
    INSERT INTO meters (policy_id, reader_key, window_start, window_end, articles)
    VALUES ('free', 'over', db_now() - interval '2 days', db_now() - interval '1 day', '{}'),
           ('free', 'runs', db_now(), db_now() + interval '1 day', '{}');
  )");
  v1::BeginSignInRequest request;
  request.set_email("nina@example.org");
  request.set_purpose(v1::BeginSignInRequest::SIGN_UP);
  request.set_client_address("192.0.2.7");
  ASSERT_THAT(Call(server_.BackendToken({"tokens.issue"}), &SignIn::BeginSignIn, request), IsOk());

  EXPECT_THAT(ClearAwayOld(database_.database(), {}), IsOkAndHolds(true));
  EXPECT_EQ(database_.QueryValue("SELECT string_agg(reader_key, ',') FROM meters"), "runs");
  EXPECT_EQ(database_.QueryValue("SELECT count(*) FROM sign_in_challenges"), "1");
  MoveTime(absl::Hours(24 * 60));
  EXPECT_THAT(ClearAwayOld(database_.database(), {}), IsOkAndHolds(true));
  EXPECT_EQ(database_.QueryValue("SELECT count(*) FROM sign_in_challenges"), "0");
  EXPECT_THAT(ClearAwayOld(database_.database(), {}), IsOkAndHolds(false));
}

}  // namespace
}  // namespace masthead::memberships
