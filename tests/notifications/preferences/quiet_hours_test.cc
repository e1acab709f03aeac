#include "services/notifications/preferences/quiet_hours.h"

#include <string>

#include "gtest/gtest.h"

namespace masthead::notifications {
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

constexpr int Minute(int hour, int minute = 0) { return hour * 60 + minute; }

struct Vector {
  const char* now;
  const char* zone;
  QuietWindow window;
  const char* release;  // Empty: at once.
};

TEST(QuietHours, EndWhereTheRecipientLives) {
  const QuietWindow night = {.start_minute = Minute(22), .end_minute = Minute(7)};
  const Vector vectors[] = {
      {"2026-01-15T19:59:59Z", "Europe/Kyiv", night, ""},
      {"2026-01-15T20:00:00Z", "Europe/Kyiv", night, "2026-01-16T05:00:00Z"},
      {"2026-01-16T05:00:00Z", "Europe/Kyiv", night, ""},
      {"2026-03-28T22:30:00Z", "Europe/Kyiv", night, "2026-03-29T04:00:00Z"},
      {"2026-10-24T21:30:00Z", "Europe/Kyiv", night, "2026-10-25T05:00:00Z"},
      {"2026-03-29T00:30:00Z",
       "Europe/Kyiv",
       {.start_minute = Minute(1), .end_minute = Minute(3, 30)},
       "2026-03-29T01:30:00Z"},
      {"2026-10-25T00:30:00Z", "Europe/Kyiv", {.start_minute = Minute(22), .end_minute = Minute(3, 30)}, ""},
      {"2026-06-01T03:00:00Z", "America/New_York", night, "2026-06-01T11:00:00Z"},
      {"2026-06-01T03:00:00Z",
       "Asia/Kathmandu",
       {.start_minute = Minute(22), .end_minute = Minute(9)},
       "2026-06-01T03:15:00Z"},
  };
  for (const Vector& vector : vectors) {
    const std::optional<absl::Time> release = ReleaseTime(At(vector.now), Zone(vector.zone), {vector.window});
    EXPECT_EQ(release ? absl::FormatTime("%Y-%m-%dT%H:%M:%SZ", *release, absl::UTCTimeZone()) : "", vector.release)
        << vector.now << " " << vector.zone;
  }
}

TEST(QuietHours, AreNoneWhereStartAndEndAreTheSame) {
  EXPECT_EQ(ReleaseTime(At("2026-01-15T20:00:00Z"), absl::UTCTimeZone(), {{.start_minute = 60, .end_minute = 60}}),
            std::nullopt);
  EXPECT_EQ(ReleaseTime(At("2026-01-15T20:00:00Z"), absl::UTCTimeZone(), {}), std::nullopt);
}

TEST(QuietHours, BelongToTheDayOnWhichTheyBegin) {
  // 16 January 2026 is a Friday.
  const QuietWindow friday_night = {.days = 1 << 4, .start_minute = Minute(22), .end_minute = Minute(7)};
  EXPECT_EQ(ReleaseTime(At("2026-01-16T06:00:00Z"), absl::UTCTimeZone(), {friday_night}), std::nullopt);
  EXPECT_EQ(ReleaseTime(At("2026-01-16T23:00:00Z"), absl::UTCTimeZone(), {friday_night}), At("2026-01-17T07:00:00Z"));
  EXPECT_EQ(ReleaseTime(At("2026-01-17T06:59:59Z"), absl::UTCTimeZone(), {friday_night}), At("2026-01-17T07:00:00Z"));
}

TEST(QuietHours, ThatFollowOneAnotherAreOne) {
  const std::vector<QuietWindow> windows = {{.start_minute = Minute(22), .end_minute = Minute(7)},
                                            {.start_minute = Minute(7), .end_minute = Minute(9)}};
  EXPECT_EQ(ReleaseTime(At("2026-01-15T23:00:00Z"), absl::UTCTimeZone(), windows), At("2026-01-16T09:00:00Z"));
}

TEST(QuietHours, ThatNeverEndStillGiveATime) {
  const std::vector<QuietWindow> windows = {{.start_minute = 0, .end_minute = Minute(12)},
                                            {.start_minute = Minute(12), .end_minute = 0}};
  const absl::Time now = At("2026-01-15T23:00:00Z");
  EXPECT_GT(ReleaseTime(now, absl::UTCTimeZone(), windows).value(), now + absl::Hours(7 * 24));
}

}  // namespace
}  // namespace masthead::notifications
