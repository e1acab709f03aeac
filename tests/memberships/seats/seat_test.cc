#include "services/memberships/seats/seat.h"

#include "gtest/gtest.h"
#include "tests/support/status_matchers.h"

namespace masthead::memberships {
namespace {

using ::masthead::testing::IsOk;
using ::masthead::testing::StatusIs;

const absl::Time kNow = absl::FromUnixSeconds(1'780'000'000);

TEST(Seat, IsHeldForThirtyDays) {
  Seat seat;
  Invite(seat, "hash", kNow);
  EXPECT_EQ(StateAt(seat, kNow), Seat::State::kInvited);
  EXPECT_THAT(CheckInvitation(seat, kNow + absl::Hours(30 * 24) - absl::Seconds(1)), IsOk());
  EXPECT_EQ(StateAt(seat, kNow + absl::Hours(30 * 24)), Seat::State::kInvitationExpired);
  EXPECT_THAT(CheckInvitation(seat, kNow + absl::Hours(30 * 24)),
              StatusIs(absl::StatusCode::kFailedPrecondition, "INVITATION_OVER"));
  Take(seat, "nina", kNow);
  EXPECT_EQ(StateAt(seat, kNow + absl::Hours(1000 * 24)), Seat::State::kTaken);
  EXPECT_THAT(CheckInvitation(seat, kNow), StatusIs(absl::StatusCode::kFailedPrecondition, "INVITATION_OVER"));
}

TEST(Seat, FiveAreTheOwnersAndFourMore) {
  EXPECT_THAT(CheckRoom(5, 4), IsOk());
  EXPECT_THAT(CheckRoom(5, 5), StatusIs(absl::StatusCode::kResourceExhausted, "NO_SEATS"));
}

TEST(Seat, IsOfALiveSubscriptionForSeveral) {
  Group group = {.subscription_id = "s", .owner_id = "nina", .tier_id = "gold", .seats = 2, .state = "ACTIVE"};
  EXPECT_THAT(CheckShared(group, kNow), StatusIs(absl::StatusCode::kFailedPrecondition, "INVALID_TRANSITION"));
  group.is_live = true;
  EXPECT_THAT(CheckShared(group, kNow), IsOk());
  group.access_end_time = kNow;
  EXPECT_THAT(CheckShared(group, kNow), StatusIs(absl::StatusCode::kFailedPrecondition, "INVALID_TRANSITION"));
  group.access_end_time.reset();
  group.seats = 1;
  EXPECT_THAT(CheckShared(group, kNow), StatusIs(absl::StatusCode::kFailedPrecondition, "INVALID_TRANSITION"));
}

}  // namespace
}  // namespace masthead::memberships
