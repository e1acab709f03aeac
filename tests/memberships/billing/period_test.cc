#include "services/memberships/billing/period.h"

#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <random>
#include <string>
#include <vector>

#include "absl/strings/numbers.h"
#include "gtest/gtest.h"
#include "tests/memberships/vectors.h"

namespace masthead::memberships {
namespace {

using Unit = BillingInterval::Unit;

absl::Time At(const std::string& text) {
  absl::Time time;
  std::string error;
  EXPECT_TRUE(absl::ParseTime(absl::RFC3339_full, text, &time, &error)) << text << ": " << error;
  return time;
}

absl::TimeZone Zone(const std::string& name) {
  absl::TimeZone zone;
  EXPECT_TRUE(absl::LoadTimeZone(name, &zone)) << name;
  return zone;
}

TEST(BillingPeriod, BeginsOnTheDayOfTheAnchorOrTheLastOfItsMonth) {
  struct Case {
    const char* anchor;
    const char* zone;
    BillingInterval interval;
    std::vector<const char*> boundaries;  // From the first.
  };
  const Case cases[] = {
      {"2025-01-31T10:00:00Z",
       "UTC",
       {Unit::kMonth, 1},
       {"2025-02-28T10:00:00Z", "2025-03-31T10:00:00Z", "2025-04-30T10:00:00Z", "2025-05-31T10:00:00Z"}},
      {"2024-01-30T00:00:00Z", "UTC", {Unit::kMonth, 1}, {"2024-02-29T00:00:00Z", "2024-03-30T00:00:00Z"}},
      {"2024-02-29T12:00:00Z",
       "UTC",
       {Unit::kYear, 1},
       {"2025-02-28T12:00:00Z", "2026-02-28T12:00:00Z", "2027-02-28T12:00:00Z", "2028-02-29T12:00:00Z"}},
      {"2025-11-30T08:00:00Z", "UTC", {Unit::kMonth, 3}, {"2026-02-28T08:00:00Z", "2026-05-30T08:00:00Z"}},
      {"2025-08-31T08:00:00Z", "UTC", {Unit::kMonth, 6}, {"2026-02-28T08:00:00Z", "2026-08-31T08:00:00Z"}},
      {"2025-12-29T08:00:00Z", "UTC", {Unit::kWeek, 1}, {"2026-01-05T08:00:00Z", "2026-01-12T08:00:00Z"}},
      // In Kyiv it is the first of February already.
      {"2025-01-31T22:30:00Z",
       "Europe/Kyiv",
       {Unit::kMonth, 1},
       {"2025-02-28T22:30:00Z", "2025-03-31T21:30:00Z", "2025-04-30T21:30:00Z"}},
      {"2025-01-31T22:30:00Z", "UTC", {Unit::kMonth, 1}, {"2025-02-28T22:30:00Z", "2025-03-31T22:30:00Z"}},
      // The clocks skip 03:30 on the 29th of March, and have it twice on the 25th of October.
      {"2026-01-29T01:30:00Z",
       "Europe/Kyiv",
       {Unit::kMonth, 1},
       {"2026-02-28T01:30:00Z", "2026-03-29T01:00:00Z", "2026-04-29T00:30:00Z"}},
      {"2026-08-25T00:30:00Z",
       "Europe/Kyiv",
       {Unit::kMonth, 1},
       {"2026-09-25T00:30:00Z", "2026-10-25T00:30:00Z", "2026-11-25T01:30:00Z"}},
      {"2026-02-08T07:30:00Z", "America/New_York", {Unit::kMonth, 1}, {"2026-03-08T07:00:00Z", "2026-04-08T06:30:00Z"}},
      // A gift.
      {"2026-12-31T10:00:00Z", "UTC", {Unit::kMonth, 2}, {"2027-02-28T10:00:00Z"}},
      {"2028-02-29T10:00:00Z", "UTC", {Unit::kYear, 1}, {"2029-02-28T10:00:00Z"}},
  };
  for (const Case& one : cases) {
    EXPECT_EQ(PeriodBoundary(At(one.anchor), Zone(one.zone), one.interval, 0), At(one.anchor));
    for (size_t i = 0; i < one.boundaries.size(); ++i) {
      EXPECT_EQ(PeriodBoundary(At(one.anchor), Zone(one.zone), one.interval, static_cast<int64_t>(i) + 1),
                At(one.boundaries[i]))
          << one.anchor << " in " << one.zone << ", boundary " << i + 1;
    }
  }
}

TEST(BillingPeriod, AgreesWithThePublishedVectors) {
  const auto vectors = PublishedVectors("periods");
  SKIP_WITHOUT_VECTORS(vectors);
  for (const nlohmann::json& one : *vectors) {
    const std::string unit = one.at("unit");
    const BillingInterval interval = {unit == "year"   ? Unit::kYear
                                      : unit == "week" ? Unit::kWeek
                                                       : Unit::kMonth,
                                      one.at("count").get<int32_t>()};
    int64_t index = 0;
    for (const nlohmann::json& boundary : one.at("boundaries")) {
      EXPECT_EQ(PeriodBoundary(At(one.at("anchor")), Zone(one.at("time_zone")), interval, index), At(boundary))
          << one.at("name") << ", boundary " << index;
      ++index;
    }
  }
}

TEST(BillingPeriod, TilesTheTimeFromTheAnchorOn) {
  uint64_t seed = std::random_device()();
  const char* given = std::getenv("MASTHEAD_TEST_SEED");
  ASSERT_TRUE(given == nullptr || absl::SimpleAtoi(given, &seed));
  std::cout << "MASTHEAD_TEST_SEED=" << seed << std::endl;
  std::mt19937_64 random(seed);
  std::uniform_int_distribution<int64_t> seconds(946'684'800, 4'102'444'800);  // 2000 to 2100.
  for (const char* name : {"UTC", "Europe/Kyiv", "America/New_York", "America/Havana", "Australia/Lord_Howe"}) {
    const absl::TimeZone zone = Zone(name);
    for (int i = 0; i < 500; ++i) {
      const auto unit = static_cast<Unit>(random() % 3);
      const BillingInterval interval = {unit, static_cast<int32_t>(1 + random() % 12)};
      const absl::Time anchor = absl::FromUnixSeconds(seconds(random));
      const absl::Time time = absl::FromUnixSeconds(seconds(random));
      const int64_t period = PeriodAt(anchor, zone, interval, time);
      const absl::Time start = PeriodBoundary(anchor, zone, interval, period);
      const absl::Time end = PeriodBoundary(anchor, zone, interval, period + 1);
      ASSERT_LE(start, time) << anchor << " " << name;
      ASSERT_LT(time, end) << anchor << " " << name;
      ASSERT_EQ(PeriodAt(anchor, zone, interval, end), period + 1) << anchor << " " << name;
      ASSERT_EQ(PeriodAt(anchor, zone, interval, anchor), 0);
    }
  }
}

}  // namespace
}  // namespace masthead::memberships
