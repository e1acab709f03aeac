// Whose turn it is.
#include "services/notifications/sending/lanes.h"

#include <map>
#include <string>

#include "gtest/gtest.h"

namespace masthead::notifications {
namespace {

TEST(Lanes, LetTheLessUrgentOnesHaveOneTurnInTwentyEachAndNewsTheRest) {
  std::map<std::string, int> turns;
  for (uint64_t turn = 0; turn < 2000; ++turn) ++turns[LanesOfTurn(turn).first];
  EXPECT_EQ(turns["DIGEST"], 100);
  EXPECT_EQ(turns["NEWSLETTER"], 100);
  EXPECT_EQ(turns["BULK"], 100);
  EXPECT_EQ(turns["CRITICAL"], 1700);
}

}  // namespace
}  // namespace masthead::notifications
