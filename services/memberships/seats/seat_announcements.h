// What memberships tells the other services of seats.
#pragma once

#include "absl/strings/string_view.h"
#include "common/db/database.h"
#include "common/events/feed.h"
#include "services/memberships/seats/seat.h"

namespace masthead::memberships {

// `type` is `seat.invited`, `seat.taken` or `seat.given_up`; the seat's revision is the event's, and its subscription
// is locked.
void AnnounceSeat(db::Transaction& tx, events::Feed& feed, const char* type, absl::string_view owner_id,
                  const Seat& seat, absl::Time now);

}  // namespace masthead::memberships
