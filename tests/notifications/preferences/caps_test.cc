#include "services/notifications/preferences/caps.h"

#include "gtest/gtest.h"
#include "services/notifications/preferences/preferences.h"

namespace masthead::notifications {
namespace {

absl::Time On(int day, int hour) { return absl::FromCivil(absl::CivilHour(2026, 1, day, hour), absl::UTCTimeZone()); }

const std::vector<Told> kThreeOnTheFirst = {{On(1, 9), "ALERT"}, {On(1, 13), "ALERT"}, {On(1, 17), "ALERT"}};

TEST(Caps, GoWithTheTime) {
  const std::vector<Cap> three_a_day = {{.category = "", .limit = 3, .window = absl::Hours(24)}};
  EXPECT_TRUE(CapReached(On(2, 8), "ALERT", three_a_day, kThreeOnTheFirst));
  EXPECT_TRUE(CapReached(On(2, 9) - absl::Seconds(1), "ALERT", three_a_day, kThreeOnTheFirst));
  EXPECT_FALSE(CapReached(On(2, 9), "ALERT", three_a_day, kThreeOnTheFirst)) << "what is as old as the window is out";
}

TEST(Caps, CountTheirOwnCategoryOnly) {
  const std::vector<Cap> caps = {{.category = "CAMPAIGN", .limit = 1, .window = absl::Hours(24)}};
  EXPECT_FALSE(CapReached(On(1, 18), "CAMPAIGN", caps, kThreeOnTheFirst));
  EXPECT_FALSE(CapReached(On(1, 18), "ALERT", caps, {{On(1, 17), "CAMPAIGN"}}));
  EXPECT_TRUE(CapReached(On(1, 18), "CAMPAIGN", caps, {{On(1, 17), "CAMPAIGN"}}));
}

TEST(Caps, EachHolds) {
  const std::vector<Cap> caps = {{.category = "", .limit = 10, .window = absl::Hours(24)},
                                 {.category = "ALERT", .limit = 1, .window = absl::Hours(1)}};
  EXPECT_TRUE(CapReached(On(1, 17) + absl::Minutes(59), "ALERT", caps, kThreeOnTheFirst));
  EXPECT_FALSE(CapReached(On(1, 18), "ALERT", caps, kThreeOnTheFirst));
  EXPECT_EQ(LongestWindow(caps), absl::Hours(24));
}

TEST(Preferences, KeepBreakingNewsQuietOnlyWhereChosen) {
  Preferences preferences = {.quiet_hours = {{.start_minute = 1, .end_minute = 2}}};
  EXPECT_EQ(QuietHoursOf(preferences, "ALERT").size(), 1);
  EXPECT_TRUE(QuietHoursOf(preferences, "BREAKING").empty());
  preferences.quiet_breaking = true;
  EXPECT_EQ(QuietHoursOf(preferences, "BREAKING").size(), 1);
  EXPECT_TRUE(QuietHoursOf(preferences, "CRITICAL").empty()) << "a sign-in link never waits";
}

TEST(Preferences, TakeUtcWhereTheZoneIsNotKnown) {
  EXPECT_EQ(ZoneOf("").name(), "UTC");
  EXPECT_EQ(ZoneOf("Mars/Olympus").name(), "UTC");
  EXPECT_EQ(ZoneOf("Europe/Kyiv").name(), "Europe/Kyiv");
}

}  // namespace
}  // namespace masthead::notifications
