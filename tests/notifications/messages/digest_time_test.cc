#include "services/notifications/messages/digest_time.h"

#include "gtest/gtest.h"

namespace masthead::notifications {
namespace {

absl::Time At(const std::string& text) {
  absl::Time time;
  std::string error;
  EXPECT_TRUE(absl::ParseTime(absl::RFC3339_full, text, &time, &error)) << error;
  return time;
}

std::string Next(const Cadence& cadence, const std::string& zone_name, const std::string& now) {
  absl::TimeZone zone;
  EXPECT_TRUE(absl::LoadTimeZone(zone_name, &zone));
  return absl::FormatTime(absl::RFC3339_sec, NextDigestTime(cadence, zone, At(now)), absl::UTCTimeZone());
}

TEST(NextDigestTime, OfAnHourIsTheNextFullOne) {
  EXPECT_EQ(Next({.kind = "HOURLY"}, "Europe/Kyiv", "2026-06-01T03:20:00Z"), "2026-06-01T04:00:00+00:00");
  EXPECT_EQ(Next({.kind = "HOURLY"}, "Europe/Kyiv", "2026-06-01T04:00:00Z"), "2026-06-01T05:00:00+00:00");
}

TEST(NextDigestTime, OfADayIsAtTheReadersOwnTime) {
  const Cadence seven = {.kind = "DAILY", .minute = 7 * 60};
  EXPECT_EQ(Next(seven, "Europe/Kyiv", "2026-06-01T03:59:59Z"), "2026-06-01T04:00:00+00:00");
  EXPECT_EQ(Next(seven, "Europe/Kyiv", "2026-06-01T04:00:00Z"), "2026-06-02T04:00:00+00:00") << "that one is under way";
  EXPECT_EQ(Next(seven, "America/New_York", "2026-06-01T04:00:00Z"), "2026-06-01T11:00:00+00:00");
  EXPECT_EQ(Next(seven, "Europe/Kyiv", "2026-10-24T12:00:00Z"), "2026-10-25T05:00:00+00:00") << "winter time has come";
}

TEST(NextDigestTime, IsMovedForwardWhereTheClockSkipsItAndIsTheFirstOfTwo) {
  const Cadence half_past_three = {.kind = "DAILY", .minute = 3 * 60 + 30};
  EXPECT_EQ(Next(half_past_three, "Europe/Kyiv", "2026-03-28T12:00:00Z"), "2026-03-29T01:00:00+00:00");
  EXPECT_EQ(Next(half_past_three, "Europe/Kyiv", "2026-10-24T12:00:00Z"), "2026-10-25T00:30:00+00:00");
}

TEST(NextDigestTime, OfAWeekIsOnItsDay) {
  const Cadence monday = {.kind = "WEEKLY", .minute = 7 * 60, .day = 1};
  EXPECT_EQ(Next(monday, "Europe/Kyiv", "2026-06-01T03:00:00Z"), "2026-06-01T04:00:00+00:00") << "a Monday";
  EXPECT_EQ(Next(monday, "Europe/Kyiv", "2026-06-01T05:00:00Z"), "2026-06-08T04:00:00+00:00");
  EXPECT_EQ(Next({.kind = "WEEKLY", .minute = 0, .day = 7}, "UTC", "2026-06-01T05:00:00Z"),
            "2026-06-07T00:00:00+00:00");
}

}  // namespace
}  // namespace masthead::notifications
