#include "services/memberships/collecting/inbox_event.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace masthead::memberships {
namespace {

using ::testing::Eq;
using ::testing::Optional;

const absl::Time kReceived = absl::FromUnixSeconds(1700000000);

TEST(ParkedEvent, IsTriedAgainMoreAndMoreSeldom) {
  EXPECT_THAT(NextAttempt(1, kReceived, kReceived), Optional(kReceived + absl::Minutes(1)));
  EXPECT_THAT(NextAttempt(2, kReceived, kReceived), Optional(kReceived + absl::Minutes(2)));
  EXPECT_THAT(NextAttempt(3, kReceived, kReceived), Optional(kReceived + absl::Minutes(4)));
  EXPECT_THAT(NextAttempt(50, kReceived, kReceived), Optional(kReceived + absl::Hours(1)));
}

TEST(ParkedEvent, IsGivenUpAfterThreeDaysAndLookedAtOnceMoreThen) {
  const absl::Time end = kReceived + absl::Hours(72);
  EXPECT_THAT(NextAttempt(50, kReceived, end - absl::Minutes(10)), Optional(end));
  EXPECT_THAT(NextAttempt(51, kReceived, end), Eq(std::nullopt));
}

TEST(InboxEvent, HasStatesThatAreReadAsTheyAreWritten) {
  for (const InboxEvent::State state :
       {InboxEvent::State::kApplied, InboxEvent::State::kDuplicate, InboxEvent::State::kParked,
        InboxEvent::State::kIgnored, InboxEvent::State::kRejected}) {
    EXPECT_THAT(ParseInboxState(Name(state)), Optional(state));
  }
  EXPECT_THAT(ParseInboxState("LOST"), Eq(std::nullopt));
}

}  // namespace
}  // namespace masthead::memberships
