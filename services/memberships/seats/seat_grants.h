// What those who sit on the seats of a group may open: as much as the subscription gives, and as long.
#pragma once

#include <optional>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/db/database.h"
#include "common/events/feed.h"

namespace masthead::memberships {

// From now on each seat that is taken gives its holder the tier until `end_time`, for good if unset; an end that has
// passed takes it away. `tx` has locked the subscription.
void RefreshSeatGrants(db::Transaction& tx, events::Feed& feed, absl::string_view subscription_id,
                       absl::string_view tier_id, std::optional<absl::Time> end_time, absl::Time now);

}  // namespace masthead::memberships
