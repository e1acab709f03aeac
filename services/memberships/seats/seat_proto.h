// Seats, to and from the wire.
#pragma once

#include <string>

#include "absl/strings/string_view.h"
#include "common/base/errors.h"
#include "masthead/memberships/v1/seat.pb.h"
#include "services/memberships/seats/seat.h"

namespace masthead::memberships {

// As it stands at `now`.
v1::Seat ToProto(absl::string_view owner_id, const Seat& seat, absl::Time now);

// The one that the owner sits on, which is not kept.
v1::Seat OwnersSeat(const Group& group);

// `members/{member}/subscriptions/{subscription}`, and a seat below. Empty IDs, with a violation for `field`, if it is
// none.
struct GroupRef {
  std::string owner_id;
  std::string subscription_id;
};
GroupRef ParseGroupName(absl::string_view field, absl::string_view name, FieldViolations& violations);

struct SeatRef {
  GroupRef group;
  std::string id;
};
SeatRef ParseSeatName(absl::string_view field, absl::string_view name, FieldViolations& violations);

}  // namespace masthead::memberships
