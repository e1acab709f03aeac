// When a message is held because too much of it goes wrong.
#include "services/notifications/sending/brake.h"

#include "gmock/gmock.h"

namespace masthead::notifications {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;

TEST(Brake, HoldsAboveFivePercentFailuresOfTwoHundredOutcomes) {
  EXPECT_THAT(WhyToHold({.sent = 190, .failed = 10}, {}), IsEmpty());
  EXPECT_THAT(WhyToHold({.sent = 189, .failed = 11}, {}), HasSubstr("11 of 200 deliveries failed"));
  EXPECT_THAT(WhyToHold({.sent = 150, .failed = 49}, {}), IsEmpty());
}

TEST(Brake, CountsWhatCameBackAsWell) {
  EXPECT_THAT(WhyToHold({.sent = 189, .failed = 5, .bounced = 6}, {}), HasSubstr("11 of 200"));
}

TEST(Brake, HoldsAboveOneComplaintInAThousand) {
  EXPECT_THAT(WhyToHold({.sent = 999, .complained = 1}, {}), IsEmpty());
  EXPECT_THAT(WhyToHold({.sent = 998, .complained = 2}, {}), HasSubstr("2 of 1000 deliveries were called spam"));
}

TEST(Brake, LooksAtWhatCameSinceTheMessageWasLetGoOn) {
  const MessageCounts before = {.sent = 100, .failed = 100};
  EXPECT_THAT(WhyToHold({.sent = 290, .failed = 110}, before), IsEmpty());
  EXPECT_THAT(WhyToHold({.sent = 289, .failed = 111}, before), HasSubstr("11 of 200"));
}

}  // namespace
}  // namespace masthead::notifications
