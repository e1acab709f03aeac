#include "services/memberships/billing/proration.h"

#include <string>

#include "gtest/gtest.h"
#include "tests/memberships/vectors.h"

namespace masthead::memberships {
namespace {

absl::Time At(const std::string& text) {
  absl::Time time;
  std::string error;
  EXPECT_TRUE(absl::ParseTime(absl::RFC3339_full, text, &time, &error)) << text << ": " << error;
  return time;
}

// Of a period of `total` seconds, with `rest` seconds to go.
Proration Change(int64_t from, int64_t to, int64_t rest, int64_t total) {
  const absl::Time start = At("2026-01-01T00:00:00Z");
  return Prorate(from, to, start, start + absl::Seconds(total), start + absl::Seconds(total - rest));
}

TEST(Proration, IsToTheSecondAndRoundsEachLine) {
  struct Case {
    int64_t from, to, rest, total, credit, charge, net;
  };
  const Case cases[] = {
      {500, 1000, 1'296'000, 2'592'000, 250, 500, 250},
      {500, 1000, 2'592'000, 2'592'000, 500, 1000, 500},
      {500, 1000, 1, 2'592'000, 0, 0, 0},
      {500, 1000, 0, 2'592'000, 0, 0, 0},
      {1, 3, 1'296'000, 2'592'000, 1, 2, 1},
      {10'000, 0, 1'987'200, 2'678'400, 7419, 0, -7419},
      {20'000, 0, 2'505'600, 2'592'000, 19'333, 0, -19'333},
      {980, 1980, 1'814'400, 2'419'200, 735, 1485, 750},  // Yen have no hundredths.
      {5000, 10'000, 15'811'200, 31'536'000, 2507, 5014, 2507},
      {3100, 6200, 1'378'800, 2'674'800, 1598, 3196, 1598},
      {1000, 500, 1'728'000, 2'592'000, 667, 333, -334},  // The difference itself would round to -333.
      {9'000'000'000'000, 18'000'000'000'000, 15'897'600, 31'622'400, 4'524'590'163'934, 9'049'180'327'869,
       4'524'590'163'935},
  };
  for (const Case& one : cases) {
    const Proration proration = Change(one.from, one.to, one.rest, one.total);
    EXPECT_EQ(proration.credit, one.credit) << one.from << " to " << one.to;
    EXPECT_EQ(proration.charge, one.charge) << one.from << " to " << one.to;
    EXPECT_EQ(proration.net(), one.net) << one.from << " to " << one.to;
  }
}

TEST(Proration, StaysWithinThePeriod) {
  EXPECT_EQ(Change(500, 1000, -60, 2'592'000).charge, 0);
  EXPECT_EQ(Change(500, 1000, 3'000'000, 2'592'000).charge, 1000);
}

TEST(Proration, AgreesWithThePublishedVectors) {
  const auto vectors = PublishedVectors("prorations");
  SKIP_WITHOUT_VECTORS(vectors);
  for (const nlohmann::json& one : *vectors) {
    const Proration proration = Prorate(one.at("old_minor"), one.at("new_minor"), At(one.at("period_start")),
                                        At(one.at("period_end")), At(one.at("at")));
    EXPECT_EQ(proration.credit, one.at("credit").get<int64_t>()) << one;
    EXPECT_EQ(proration.charge, one.at("charge").get<int64_t>()) << one;
    EXPECT_EQ(proration.net(), one.at("net").get<int64_t>()) << one;
  }
}

}  // namespace
}  // namespace masthead::memberships
