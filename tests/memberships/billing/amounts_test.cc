#include "services/memberships/billing/amounts.h"

#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <limits>
#include <numeric>
#include <random>
#include <vector>

#include "absl/strings/numbers.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/memberships/vectors.h"

namespace masthead::memberships {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::mt19937_64 Random() {
  uint64_t seed = std::random_device()();
  const char* given = std::getenv("MASTHEAD_TEST_SEED");
  EXPECT_TRUE(given == nullptr || absl::SimpleAtoi(given, &seed));
  std::cout << "MASTHEAD_TEST_SEED=" << seed << std::endl;
  return std::mt19937_64(seed);
}

int64_t Sum(const std::vector<int64_t>& parts) { return std::accumulate(parts.begin(), parts.end(), int64_t{0}); }

TEST(Amounts, RoundHalvesAwayFromZero) {
  EXPECT_EQ(Scale(1, 1, 2), 1);
  EXPECT_EQ(Scale(-1, 1, 2), -1);
  EXPECT_EQ(Scale(3, 1, 2), 2);
  EXPECT_EQ(Scale(1, 1, 3), 0);
  EXPECT_EQ(Scale(2, 1, 3), 1);
  EXPECT_EQ(Scale(-2, 1, 3), -1);
}

TEST(Amounts, AreMultipliedBeyondSixtyFourBits) {
  EXPECT_EQ(Scale(9'000'000'000'000, 15'897'600, 31'622'400), 4'524'590'163'934);
  constexpr int64_t kMost = std::numeric_limits<int64_t>::max();
  EXPECT_EQ(Scale(kMost, 1'000'000, 1'000'000), kMost);
}

TEST(Amounts, AreSharedOutToTheLastCent) {
  EXPECT_THAT(Allocate(500, {333, 333, 334}), ElementsAre(167, 166, 167));
  EXPECT_THAT(Allocate(100, {1, 1, 1}), ElementsAre(34, 33, 33)) << "the earlier where remainders are equal";
  EXPECT_THAT(Allocate(1, {5, 5}), ElementsAre(1, 0));
  EXPECT_THAT(Allocate(1000, {1, 2, 4}), ElementsAre(143, 286, 571));
  EXPECT_THAT(Allocate(-100, {1, 1, 1}), ElementsAre(-34, -33, -33));
  EXPECT_THAT(Allocate(5, {0, 0}), ElementsAre(3, 2));
  EXPECT_THAT(Allocate(5, {0, 1}), ElementsAre(0, 5));
  EXPECT_THAT(Allocate(5, {}), IsEmpty());
}

TEST(Amounts, SharesSumUpAndNoneIsOffByOne) {
  std::mt19937_64 random = Random();
  for (int i = 0; i < 2000; ++i) {
    const auto total = static_cast<int64_t>(random() % 2'000'000) - 1'000'000;
    std::vector<int64_t> weights(1 + random() % 12);
    for (int64_t& weight : weights) weight = static_cast<int64_t>(random() % 10'000);
    if (Sum(weights) == 0) weights[0] = 1;
    const std::vector<int64_t> parts = Allocate(total, weights);
    ASSERT_EQ(Sum(parts), total);
    for (size_t part = 0; part < parts.size(); ++part) {
      const int64_t off = parts[part] * Sum(weights) - total * weights[part];
      ASSERT_LT(std::abs(off), Sum(weights));
    }
  }
}

TEST(Amounts, SlicesOfAPeriodSumUpHoweverItIsCut) {
  EXPECT_THAT(Slices(1000, 30, {10, 20, 30}), ElementsAre(333, 334, 333));
  EXPECT_EQ(Sum(Slices(500, 30, {4, 8, 12, 16, 20, 24, 30})), 500);
  std::mt19937_64 random = Random();
  for (int i = 0; i < 1000; ++i) {
    std::vector<int64_t> cuts;
    for (int64_t at = 0; at < 2'592'000; at += 1 + static_cast<int64_t>(random() % 900'000)) cuts.push_back(at);
    cuts.push_back(2'592'000);
    const auto amount = static_cast<int64_t>(random() % 100'000'000);
    ASSERT_EQ(Sum(Slices(amount, 2'592'000, cuts)), amount);
  }
}

TEST(Amounts, DiscountsTakeOffNoMoreThanThereIs) {
  EXPECT_EQ(PercentOff(999, 5000), 500);
  EXPECT_EQ(PercentOff(500, 3300), 165);
  EXPECT_EQ(PercentOff(1, 5000), 1);
  EXPECT_EQ(PercentOff(333, 1500), 50);
  EXPECT_EQ(PercentOff(1000, kBasisPoints), 1000);
  EXPECT_EQ(PercentOff(12345, 700), 864);
  EXPECT_EQ(AmountOff(1000, 300), 300);
  EXPECT_EQ(AmountOff(300, 1000), 300);
}

TEST(Amounts, TaxIsRoundedOnceForAllLines) {
  const Tax tax = TaxOn({6833, 6833, 5750, 8500}, 2000);
  EXPECT_EQ(tax.total, 5583) << "with the lines 33499; rounded line by line it would be 33500";
  EXPECT_THAT(tax.lines, ElementsAre(1367, 1366, 1150, 1700));
  EXPECT_EQ(Scale(20'000, 29 * 12'500, 30 * 10'000), 24'167) << "29 of 30 days with a tax of 25 %";
}

TEST(Amounts, AgreeWithThePublishedVectors) {
  const auto discounts = PublishedVectors("discounts");
  const auto remainders = PublishedVectors("largest_remainder");
  const auto telescoping = PublishedVectors("telescoping");
  SKIP_WITHOUT_VECTORS(discounts);
  for (const nlohmann::json& one : *discounts) {
    const int64_t amount = one.at("amount");
    const int64_t discount = PercentOff(amount, one.at("percent").get<int64_t>() * 100);
    EXPECT_EQ(discount, one.at("discount").get<int64_t>()) << one;
    EXPECT_EQ(amount - discount, one.at("due").get<int64_t>()) << one;
  }
  for (const nlohmann::json& one : *remainders) {
    EXPECT_EQ(Allocate(one.at("total"), one.at("weights").get<std::vector<int64_t>>()),
              one.at("parts").get<std::vector<int64_t>>())
        << one;
  }
  for (const nlohmann::json& one : *telescoping) {
    const std::vector<int64_t> slices =
        Slices(one.at("amount"), one.at("total"), one.at("cuts").get<std::vector<int64_t>>());
    EXPECT_EQ(Sum(slices), one.at("amount").get<int64_t>()) << one;
    EXPECT_EQ(one.value("segments", slices), slices) << one;
  }
}

}  // namespace
}  // namespace masthead::memberships
