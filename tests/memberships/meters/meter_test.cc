#include "services/memberships/meters/meter.h"

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <random>
#include <set>
#include <vector>

#include "absl/strings/numbers.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace masthead::memberships {
namespace {

using ::testing::ElementsAre;
using ::testing::SizeIs;

const MeterWindow kJanuary = {absl::FromUnixSeconds(1'767'225'600), absl::FromUnixSeconds(1'769'904'000)};
const MeterWindow kFebruary = {kJanuary.end, kJanuary.end + absl::Hours(28 * 24)};
constexpr int64_t kA = 1;
constexpr int64_t kB = 2;
constexpr int64_t kC = 3;
constexpr int64_t kD = 4;

TEST(Meter, CountsDistinctArticlesUpToItsLimit) {
  Meter meter;
  std::vector<size_t> views;
  for (int64_t article : {kA, kB, kA, kC}) {
    const Viewing viewing = View(meter, kJanuary, article, 3);
    EXPECT_TRUE(viewing.allowed);
    meter = viewing.meter;
    views.push_back(meter.articles.size());
  }
  EXPECT_THAT(views, ElementsAre(1, 2, 2, 3));

  const Viewing fourth = View(meter, kJanuary, kD, 3);
  EXPECT_FALSE(fourth.allowed);
  EXPECT_FALSE(fourth.counts);
  EXPECT_EQ(fourth.meter, meter);
  EXPECT_EQ(ViewsLeft(fourth.meter, 3), 0);

  const Viewing again = View(meter, kJanuary, kA, 3);
  EXPECT_TRUE(again.allowed);
  EXPECT_FALSE(again.counts);
}

TEST(Meter, StartsAnewInTheNextWindowAndNeverGoesBack) {
  const Meter january = View({}, kJanuary, kA, 1).meter;
  const Viewing february = View(january, kFebruary, kB, 1);
  EXPECT_TRUE(february.counts);
  EXPECT_THAT(february.meter.articles, ElementsAre(kB));
  // A call that waited for its turn over midnight.
  const Viewing late = View(february.meter, kJanuary, kC, 1);
  EXPECT_FALSE(late.allowed);
  EXPECT_EQ(late.meter.window, kFebruary);
}

TEST(Meter, StillOpensWhatWasReadBeforeTheLimitWasLowered) {
  const Meter meter = {kJanuary, {kA, kB, kC}};
  EXPECT_TRUE(View(meter, kJanuary, kB, 1).allowed);
  EXPECT_FALSE(View(meter, kJanuary, kD, 1).allowed);
  EXPECT_EQ(ViewsLeft(meter, 1), 0);
}

TEST(Meter, OfAReaderWithTwoNamesIsTheUnionAndNotTheSum) {
  const Meter anonymous = {kJanuary, {kA, kB}};
  const Meter member = {kJanuary, {kB, kC}};
  EXPECT_THAT(Merge(anonymous, member).articles, ElementsAre(kA, kB, kC));
  EXPECT_EQ(Merge({kFebruary, {kD}}, member), (Meter{kFebruary, {kD}})) << "what was read before counts no more";
}

TEST(Meter, IsBoundedHoweverManyAreMerged) {
  Meter merged;
  for (int64_t reader = 0; reader < 5; ++reader) {
    Meter meter = {.window = kJanuary, .articles = {}};
    for (int64_t article = 0; article < 400; ++article) meter.articles.push_back(reader * 400 + article);
    merged = Merge(merged, meter);
  }
  EXPECT_THAT(merged.articles, SizeIs(kMaxViews));
}

uint64_t Seed() {
  const char* given = std::getenv("MASTHEAD_TEST_SEED");
  uint64_t seed = 0;
  if (given == nullptr || !absl::SimpleAtoi(given, &seed)) seed = std::random_device()();
  std::cout << "MASTHEAD_TEST_SEED=" << seed << std::endl;
  return seed;
}

Meter Random(std::mt19937_64& random, size_t most) {
  std::set<int64_t> articles;
  const size_t count = random() % (most + 1);
  while (articles.size() < count) articles.insert(static_cast<int64_t>(random() % (2 * most)));
  return {random() % 2 == 0 ? kJanuary : kFebruary, {articles.begin(), articles.end()}};
}

TEST(Meter, MergesTheSameInWhateverOrderAndHoweverOften) {
  std::mt19937_64 random(Seed());
  for (int i = 0; i < 500; ++i) {
    const size_t most = i % 10 == 0 ? 900 : 8;
    const Meter a = Random(random, most);
    const Meter b = Random(random, most);
    const Meter c = Random(random, most);
    ASSERT_EQ(Merge(a, b), Merge(b, a));
    ASSERT_EQ(Merge(a, a), a);
    ASSERT_EQ(Merge(Merge(a, b), b), Merge(a, b));
    ASSERT_EQ(Merge(Merge(a, b), c), Merge(a, Merge(b, c)));
  }
}

TEST(Meter, NeverAllowsMoreArticlesThanItsLimitInAnyOrderOfReading) {
  std::mt19937_64 random(Seed());
  for (int i = 0; i < 500; ++i) {
    const auto max_views = static_cast<int32_t>(random() % 6);
    Meter meter;
    std::set<int64_t> opened;
    for (int read = 0; read < 30; ++read) {
      const auto article = static_cast<int64_t>(random() % 10);
      const Viewing viewing = View(meter, kJanuary, article, max_views);
      ASSERT_EQ(viewing.counts, viewing.allowed && !opened.contains(article));
      ASSERT_TRUE(viewing.allowed || !opened.contains(article));
      if (viewing.allowed) opened.insert(article);
      meter = viewing.meter;
    }
    ASSERT_EQ(opened.size(), std::min<size_t>(max_views, opened.size()));
    ASSERT_EQ(meter.articles, std::vector<int64_t>(opened.begin(), opened.end()));
  }
}

}  // namespace
}  // namespace masthead::memberships
