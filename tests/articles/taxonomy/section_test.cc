#include "services/articles/taxonomy/section.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/status_matchers.h"

namespace masthead::articles {
namespace {

using ::masthead::testing::IsOk;
using ::masthead::testing::StatusIs;
using ::testing::ElementsAre;

// news > war > front > east, and sport beside.
const SectionTree kTree = {{"news", ""}, {"war", "news"}, {"front", "war"}, {"east", "front"}, {"sport", ""}};

TEST(SectionTree, NamesASectionAndAllBelowEachAfterItsParent) {
  EXPECT_THAT(Subtree(kTree, "war"), ElementsAre("war", "front", "east"));
  EXPECT_THAT(Subtree(kTree, "sport"), ElementsAre("sport"));
}

TEST(SectionTree, IsAtMostFourDeep) {
  EXPECT_THAT(CheckPlaceInTree(kTree, "new", "front"), IsOk());
  EXPECT_THAT(CheckPlaceInTree(kTree, "new", "east"), StatusIs(absl::StatusCode::kFailedPrecondition, "SECTION_TREE"));
  EXPECT_THAT(CheckPlaceInTree(kTree, "war", ""), IsOk());
  EXPECT_THAT(CheckPlaceInTree(kTree, "war", "sport"), IsOk());
  EXPECT_THAT(CheckPlaceInTree(kTree, "news", "sport"),
              StatusIs(absl::StatusCode::kFailedPrecondition, "SECTION_TREE"));
}

TEST(SectionTree, HasNoSectionBelowItself) {
  for (const char* parent : {"war", "front", "east"}) {
    EXPECT_THAT(CheckPlaceInTree(kTree, "war", parent), StatusIs(absl::StatusCode::kFailedPrecondition, "SECTION_TREE"))
        << parent;
  }
}

}  // namespace
}  // namespace masthead::articles
