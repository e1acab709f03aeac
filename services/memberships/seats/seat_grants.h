// What the seats of a subscription give, and how many of them there may be: for whoever moves the subscription, with
// its lock.
#pragma once

#include <cstdint>
#include <optional>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/db/database.h"
#include "common/events/feed.h"
#include "services/memberships/seats/seat.h"

namespace masthead::memberships {

// From now on whoever sits has the tier until `end_time`, for good if unset; an end that has passed takes it away.
// Announces `entitlements.changed` for those for whom that changes what they have. For a renewal one statement,
// however many sit.
void RefreshSeatGrants(db::Transaction& tx, events::Feed& feed, absl::string_view subscription_id,
                       absl::string_view tier_id, std::optional<absl::Time> end_time, absl::Time now);

// There may be only so many from now on: NO_SEATS if more are taken or held.
absl::Status CheckSeats(db::Transaction& tx, absl::string_view subscription_id, int32_t seats);

// Makes them so many: takes back invitations, then seats, the newest first. For a decrease that has waited for its
// renewal.
void TrimSeats(db::Transaction& tx, events::Feed& feed, absl::string_view subscription_id, int32_t seats,
               absl::Time now);

// Ends one, whether somebody sits on it or is invited to.
void GiveUpSeat(db::Transaction& tx, events::Feed& feed, absl::string_view owner_id, Seat seat, absl::Time now);

}  // namespace masthead::memberships
