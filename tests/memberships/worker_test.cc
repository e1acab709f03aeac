#include "services/memberships/worker.h"

#include "gmock/gmock.h"
#include "tests/memberships/newsroom.h"

namespace masthead::memberships {
namespace {

using ::masthead::testing::IsOk;
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

}  // namespace
}  // namespace masthead::memberships
