// Grants that something which was bought, given or joined brings along: it gives at most one tier at a time, moves its
// end as it is renewed or cut short, and touches no other grant of the member.
#pragma once

#include <optional>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/db/database.h"
#include "common/events/feed.h"
#include "services/memberships/grants/grant_source.h"

namespace masthead::memberships {

// From now on `source` gives the member, whom `tx` has locked, the tier until `end_time`, for good if unset; an end
// that has passed takes it away. Announces `entitlements.changed` if that changes what the member has.
void SetSourcedGrant(db::Transaction& tx, events::Feed& feed, absl::string_view member_id, const GrantSource& source,
                     absl::string_view tier_id, std::optional<absl::Time> end_time, absl::Time now);

// From now on `source` gives the member nothing.
void EndSourcedGrant(db::Transaction& tx, events::Feed& feed, absl::string_view member_id, const GrantSource& source,
                     absl::Time now);

}  // namespace masthead::memberships
