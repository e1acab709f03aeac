#include "services/articles/curation/resolution.h"

#include <cstdlib>
#include <iostream>
#include <map>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace masthead::articles {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

PlacedArticle Pinned(int position, const std::string& id) { return {position, id, true}; }
PlacedArticle Placed(int position, const std::string& id) { return {position, id, false}; }

std::vector<PlacedArticle> ResolveAlone(const std::vector<Slot>& pins, const std::vector<std::string>& candidates,
                                        int limit) {
  std::set<std::string> seen;
  return Resolve(pins, candidates, limit, seen);
}

TEST(Resolve, LetsTheLatestFlowAroundPins) {
  EXPECT_THAT(ResolveAlone({{"lead", 1}, {"opinion", 4}}, {"a", "b", "c", "d"}, 5),
              ElementsAre(Pinned(1, "lead"), Placed(2, "a"), Placed(3, "b"), Pinned(4, "opinion"), Placed(5, "c")));
}

TEST(Resolve, LeavesEveryOtherPinWhereItIsWhenOneIsNotPublic) {
  const std::vector<Slot> without_second = {{"first", 1}, {"third", 3}, {"fifth", 5}};
  EXPECT_THAT(ResolveAlone(without_second, {"a", "b", "c"}, 5),
              ElementsAre(Pinned(1, "first"), Placed(2, "a"), Pinned(3, "third"), Placed(4, "b"), Pinned(5, "fifth")));
}

TEST(Resolve, ShowsAPinnedStoryOnceThoughItIsAmongTheLatestToo) {
  EXPECT_THAT(ResolveAlone({{"b", 1}}, {"a", "b", "c"}, 3),
              ElementsAre(Pinned(1, "b"), Placed(2, "a"), Placed(3, "c")));
}

TEST(Resolve, KeepsPinsInPlaceWhenTooLittleIsPublished) {
  EXPECT_THAT(ResolveAlone({{"pin", 4}}, {"a"}, 5), ElementsAre(Placed(1, "a"), Pinned(4, "pin")));
}

TEST(Resolve, LeavesAStoryToTheListThatHasItFirst) {
  std::set<std::string> seen;
  EXPECT_THAT(Resolve({{"lead", 1}}, {"a"}, 2, seen), ElementsAre(Pinned(1, "lead"), Placed(2, "a")));
  EXPECT_THAT(seen, UnorderedElementsAre("lead", "a"));
  EXPECT_THAT(Resolve({{"lead", 1}, {"other", 2}}, {"a", "b", "c"}, 3, seen),
              ElementsAre(Placed(1, "b"), Pinned(2, "other"), Placed(3, "c")));
}

TEST(Resolve, NeverTakesMoreThanTheLimit) {
  EXPECT_THAT(ResolveAlone({{"beyond", 3}}, {"a", "b", "c"}, 2), ElementsAre(Placed(1, "a"), Placed(2, "b")));
  EXPECT_THAT(ResolveAlone({{"pin", 1}}, {"a"}, 0), IsEmpty());
}

// Whatever is pinned, published and seen: the laws of a list.
class ResolveLaws : public ::testing::Test {
 protected:
  ResolveLaws() {
    const char* seed = std::getenv("MASTHEAD_TEST_SEED");
    uint32_t number = std::random_device()();
    if (seed != nullptr && !absl::SimpleAtoi(seed, &number)) std::abort();
    std::cout << "MASTHEAD_TEST_SEED=" << number << std::endl;
    random_.seed(number);
  }

  int Pick(int choices) { return std::uniform_int_distribution<int>(0, choices - 1)(random_); }
  std::string Story() { return absl::StrCat("story-", Pick(25)); }

  std::mt19937 random_;
};

TEST_F(ResolveLaws, HoldForEveryList) {
  for (int round = 0; round < 5000; ++round) {
    std::vector<Slot> pins;
    for (int i = Pick(6); i > 0; --i) pins.push_back({Story(), Pick(14)});
    std::vector<std::string> candidates;
    for (int i = Pick(20); i > 0; --i) candidates.push_back(Story());
    std::set<std::string> before;
    for (int i = Pick(6); i > 0; --i) before.insert(Story());
    const int limit = Pick(12);

    std::set<std::string> seen = before;
    const std::vector<PlacedArticle> list = Resolve(pins, candidates, limit, seen);

    std::set<std::string> shown;
    int last = 0;
    for (const PlacedArticle& placed : list) {
      EXPECT_GT(placed.position, last);
      EXPECT_LE(placed.position, limit);
      EXPECT_TRUE(shown.insert(placed.article_id).second) << "twice: " << placed.article_id;
      EXPECT_EQ(before.count(placed.article_id), 0u);
      last = placed.position;
    }
    std::set<std::string> after = before;
    after.insert(shown.begin(), shown.end());
    EXPECT_EQ(seen, after) << "what is taken is seen, and nothing else";

    // A pin stands where it is pinned, or its story or its position was taken before.
    std::map<int, std::string> at;
    for (const PlacedArticle& placed : list) at[placed.position] = placed.article_id;
    for (size_t i = 0; i < pins.size(); ++i) {
      const Slot& pin = pins[i];
      if (pin.position < 1 || pin.position > limit || before.count(pin.article_id) > 0) continue;
      const bool taken_before = std::any_of(pins.begin(), pins.begin() + i, [&](const Slot& other) {
        return other.position == pin.position || other.article_id == pin.article_id;
      });
      EXPECT_TRUE(taken_before || at[pin.position] == pin.article_id) << pin.article_id;
    }

    // What is not pinned keeps its order, and leaves no gap while there is more of it.
    std::vector<std::string> flowing;
    for (const PlacedArticle& placed : list) {
      if (!placed.pinned) flowing.push_back(placed.article_id);
    }
    std::set<std::string> unavailable = before;
    for (const PlacedArticle& placed : list) {
      if (placed.pinned) unavailable.insert(placed.article_id);
    }
    std::vector<std::string> available;
    for (const std::string& candidate : candidates) {
      if (unavailable.insert(candidate).second) available.push_back(candidate);
    }
    ASSERT_LE(flowing.size(), available.size());
    EXPECT_TRUE(std::equal(flowing.begin(), flowing.end(), available.begin()));
    const bool has_gap = static_cast<int>(list.size()) < limit;
    EXPECT_TRUE(!has_gap || flowing.size() == available.size());
  }
}

}  // namespace
}  // namespace masthead::articles
