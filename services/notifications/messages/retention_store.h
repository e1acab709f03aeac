// How long it can be asked who was told what.
#pragma once

#include "absl/time/time.h"
#include "common/db/database.h"

namespace masthead::notifications {

// Of a message that ended so long ago everything is forgotten but what it said and its counts.
inline constexpr absl::Duration kDeliveriesKept = absl::Hours(24 * 90);

// Forgets at most `limit` deliveries and as many exclusions of the oldest such message. Whether there may be more.
bool ForgetOldDeliveries(db::Transaction& tx, absl::Duration age, int limit);

}  // namespace masthead::notifications
