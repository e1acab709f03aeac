#include "services/memberships/meters/meter_window.h"

#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <random>
#include <string>

#include "absl/strings/numbers.h"
#include "gtest/gtest.h"
#include "tests/memberships/vectors.h"

namespace masthead::memberships {
namespace {

absl::Time At(const std::string& text) {
  absl::Time time;
  std::string error;
  EXPECT_TRUE(absl::ParseTime(absl::RFC3339_full, text, &time, &error)) << error;
  return time;
}

absl::TimeZone Zone(const std::string& name) {
  absl::TimeZone zone;
  EXPECT_TRUE(absl::LoadTimeZone(name, &zone)) << name;
  return zone;
}

uint64_t Seed() {
  const char* given = std::getenv("MASTHEAD_TEST_SEED");
  uint64_t seed = 0;
  if (given == nullptr || !absl::SimpleAtoi(given, &seed)) seed = std::random_device()();
  std::cout << "MASTHEAD_TEST_SEED=" << seed << std::endl;
  return seed;
}

TEST(MeterWindow, StartsAnewWhereTheCalendarOfTheNewspaperDoes) {
  struct Case {
    const char* at;
    WindowKind kind;
    const char* start;
    const char* reset;
  };
  const Case cases[] = {
      {"2026-01-31T21:59:59Z", WindowKind::kMonth, "2025-12-31T22:00:00Z", "2026-01-31T22:00:00Z"},
      {"2026-01-31T22:00:00Z", WindowKind::kMonth, "2026-01-31T22:00:00Z", "2026-02-28T22:00:00Z"},
      // The clocks are put forward within it.
      {"2026-03-15T12:00:00Z", WindowKind::kMonth, "2026-02-28T22:00:00Z", "2026-03-31T21:00:00Z"},
      {"2026-01-10T12:00:00Z", WindowKind::kWeek, "2026-01-04T22:00:00Z", "2026-01-11T22:00:00Z"},
      {"2026-01-11T22:00:00Z", WindowKind::kWeek, "2026-01-11T22:00:00Z", "2026-01-18T22:00:00Z"},
      // A day of 23 hours, and one of 25.
      {"2026-03-29T00:30:00Z", WindowKind::kDay, "2026-03-28T22:00:00Z", "2026-03-29T21:00:00Z"},
      {"2026-10-25T00:30:00Z", WindowKind::kDay, "2026-10-24T21:00:00Z", "2026-10-25T22:00:00Z"},
  };
  for (const Case& one : cases) {
    const MeterWindow window = WindowAt(one.kind, Zone("Europe/Kyiv"), At(one.at));
    EXPECT_EQ(window.start, At(one.start)) << one.at;
    EXPECT_EQ(window.end, At(one.reset)) << one.at;
  }
}

TEST(MeterWindow, AgreesWithThePublishedVectors) {
  const auto vectors = PublishedVectors("meter_windows_Europe_Kyiv");
  SKIP_WITHOUT_VECTORS(vectors);
  for (const nlohmann::json& one : *vectors) {
    const WindowKind kind = ParseWindowKind(one.at("window").get<std::string>()).value();
    EXPECT_EQ(WindowAt(kind, Zone("Europe/Kyiv"), At(one.at("at"))).end, At(one.at("reset"))) << one;
  }
}

TEST(MeterWindow, TilesTheTimeWithoutGapOrOverlap) {
  std::mt19937_64 random(Seed());
  // Havana skips and repeats midnights, Apia skipped a day, Lord Howe moves by half an hour.
  const char* zones[] = {"Europe/Kyiv",  "America/Havana",      "America/Sao_Paulo",
                         "Pacific/Apia", "Australia/Lord_Howe", "Asia/Kathmandu",
                         "UTC"};
  std::uniform_int_distribution<int64_t> seconds(0, int64_t{70} * 366 * 24 * 3600);
  for (const char* name : zones) {
    const absl::TimeZone zone = Zone(name);
    for (WindowKind kind : {WindowKind::kDay, WindowKind::kWeek, WindowKind::kMonth}) {
      for (int i = 0; i < 300; ++i) {
        const absl::Time time = absl::FromUnixSeconds(seconds(random));
        const MeterWindow window = WindowAt(kind, zone, time);
        ASSERT_LE(window.start, time) << name;
        ASSERT_LT(time, window.end) << name;
        ASSERT_EQ(WindowAt(kind, zone, window.start), window) << name << " " << time;
        ASSERT_EQ(WindowAt(kind, zone, window.end - absl::Nanoseconds(1)), window) << name << " " << time;
        ASSERT_EQ(WindowAt(kind, zone, window.end).start, window.end) << name << " " << time;
      }
    }
  }
}

TEST(MeterWindow, IsCalledTheSameEverywhere) {
  for (WindowKind kind : {WindowKind::kDay, WindowKind::kWeek, WindowKind::kMonth}) {
    EXPECT_EQ(ParseWindowKind(Name(kind)), kind);
  }
  EXPECT_EQ(ParseWindowKind("FORTNIGHT"), std::nullopt);
}

}  // namespace
}  // namespace masthead::memberships
