#include "services/articles/publishing/wall_clock.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/status_matchers.h"

namespace masthead::articles {
namespace {

using ::masthead::testing::IsOk;
using ::masthead::testing::StatusIs;
using ::testing::HasSubstr;

absl::StatusOr<WallClockTime> InKyiv(absl::string_view local) {
  return AtLocalTime("local_publish_time", local, *FindTimeZone("Europe/Kyiv"));
}

std::string Utc(absl::Time time) { return absl::FormatTime("%Y-%m-%dT%H:%M:%SZ", time, absl::UTCTimeZone()); }

TEST(WallClock, ReadsADesksTime) {
  const absl::StatusOr<WallClockTime> time = InKyiv("2023-03-14T21:08");

  ASSERT_THAT(time, IsOk());
  EXPECT_EQ(Utc(time->time), "2023-03-14T19:08:00Z");
  EXPECT_EQ(time->local, "2023-03-14T21:08:00");
  EXPECT_FALSE(time->repeats);
}

TEST(WallClock, NamesBothTimesAroundOneThatNeverComes) {
  const absl::StatusOr<WallClockTime> time = InKyiv("2026-03-29T03:30:00");

  ASSERT_THAT(time, StatusIs(absl::StatusCode::kInvalidArgument, "LOCAL_TIME_SKIPPED"));
  EXPECT_THAT(time.status().message(), HasSubstr("2026-03-29T02:30:00+02:00 or 2026-03-29T04:30:00+03:00"));
}

TEST(WallClock, TakesTheEarlierOfATimeThatComesTwiceAndSaysSo) {
  const absl::StatusOr<WallClockTime> time = InKyiv("2026-10-25T03:30");

  ASSERT_THAT(time, IsOk());
  EXPECT_EQ(Utc(time->time), "2026-10-25T00:30:00Z");
  EXPECT_TRUE(time->repeats);
}

TEST(WallClock, RefusesWhatIsNoTime) {
  for (const char* local : {"", "now", "2026-02-31T10:00", "2026-01-01 10:00", "2026-01-01T25:00",
                            "2026-01-01T10:00:00Z", "2026-01-01T10:00:0"}) {
    EXPECT_THAT(InKyiv(local), StatusIs(absl::StatusCode::kInvalidArgument, "INVALID_FIELD")) << local;
  }
}

TEST(WallClock, KnowsZonesByNameOnly) {
  for (const char* name :
       {"", "Mars/Phobos", "/etc/localtime", "../zoneinfo/Europe/Kyiv", "Europe", "Fixed/UTC+01:00:00"}) {
    EXPECT_THAT(FindTimeZone(name), StatusIs(absl::StatusCode::kInvalidArgument, "TIME_ZONE_UNKNOWN")) << name;
  }
  EXPECT_THAT(FindTimeZone("Europe/Kiev"), IsOk());
  EXPECT_THAT(FindTimeZone("America/Argentina/Buenos_Aires"), IsOk());
}

TEST(WallClock, ShowsAnInstantInTheDesksZone) {
  const WallClockTime time = AtInstant(absl::FromUnixSeconds(1679943600), *FindTimeZone("Europe/Kyiv"));

  EXPECT_EQ(time.local, "2023-03-27T22:00:00");
}

}  // namespace
}  // namespace masthead::articles
