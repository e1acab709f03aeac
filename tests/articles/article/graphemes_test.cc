#include "services/articles/article/graphemes.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace masthead::articles {
namespace {

using ::testing::ElementsAre;

TEST(GraphemeEdges, AnEmptyTextHasOnlyItsEnd) { EXPECT_THAT(GraphemeEdges(""), ElementsAre(true)); }

TEST(GraphemeEdges, AnAccentBelongsToItsLetter) {
  EXPECT_THAT(GraphemeEdges("ае\u0301о"), ElementsAre(true, true, false, true, true));
}

TEST(GraphemeEdges, AFamilyIsOneCharacter) {
  EXPECT_THAT(GraphemeEdges("👩\u200D👧!"), ElementsAre(true, false, false, true, true));
  EXPECT_THAT(GraphemeEdges("👍🏽"), ElementsAre(true, false, true));
}

TEST(GraphemeEdges, FlagsComeInPairs) {
  EXPECT_THAT(GraphemeEdges("🇺🇦🇵🇱"), ElementsAre(true, false, true, false, true));
}

TEST(GraphemeEdges, ALineBreakOfTwoCharactersIsOne) {
  EXPECT_THAT(GraphemeEdges("a\r\nb"), ElementsAre(true, true, false, true, true));
}

}  // namespace
}  // namespace masthead::articles
