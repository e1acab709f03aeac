// Inviting somebody to a seat.
#pragma once

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/db/database.h"
#include "common/events/feed.h"
#include "services/memberships/members/address_keys.h"
#include "services/memberships/members/member.h"
#include "services/memberships/seats/seat.h"
#include "services/memberships/seats/seat_codes.h"

namespace masthead::memberships {

// Holds a seat of the group, whose subscription `tx` has locked, and queues the letter with the code. An address that
// was invited before gets another code, and holds the seat it held. NO_SEATS.
absl::StatusOr<Seat> InviteToSeat(db::Transaction& tx, events::Feed& feed, const AddressKeys& address_keys,
                                  const SeatCodes& codes, const Group& group, const EmailAddress& address,
                                  absl::Time now);

}  // namespace masthead::memberships
