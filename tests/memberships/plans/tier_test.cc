#include "services/memberships/plans/tier.h"

#include "gtest/gtest.h"
#include "tests/support/status_matchers.h"

namespace masthead::memberships {
namespace {

using ::masthead::testing::IsOk;
using ::masthead::testing::StatusIs;

TEST(Tier, IsArchivedOnce) {
  Tier tier = {.id = "gold"};
  EXPECT_THAT(Archive(tier), IsOk());
  EXPECT_EQ(tier.state, Tier::State::kArchived);
  EXPECT_THAT(Archive(tier), StatusIs(absl::StatusCode::kFailedPrecondition, "TIER_ARCHIVED"));
}

TEST(Tier, SaysWhatItIsAndBringsInFewWords) {
  FieldViolations good;
  Tier tier = {.id = "gold", .display_name = "Gold", .description = "All we write,\nand the editor's letter"};
  tier.benefits.assign(20, "Every article");
  CheckTier("tier", tier, good);
  EXPECT_TRUE(good.empty());

  FieldViolations crowded;
  tier.benefits.push_back("One too many");
  CheckTier("tier", tier, crowded);
  EXPECT_FALSE(crowded.empty());

  FieldViolations nameless;
  Tier silent = {.id = "gold"};
  CheckTier("tier", silent, nameless);
  EXPECT_FALSE(nameless.empty());
}

}  // namespace
}  // namespace masthead::memberships
