// What time does to gifts: delivering them on their day, reminding those who have not redeemed one or whose months end
// soon, and ending what nobody redeemed.
#pragma once

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/base/scope.h"
#include "common/db/database.h"
#include "common/events/feed.h"
#include "services/memberships/gifts/gift_codes.h"

namespace masthead::memberships {

// Takes the next step of some gifts for which one is due. Returns how many; 0: nothing is due. Replicas share the work.
absl::StatusOr<int> RunDueGifts(db::Database& database, events::Feed& feed, const GiftCodes& codes,
                                const absl::TimeZone& newsroom_zone, const Scope& scope);

}  // namespace masthead::memberships
