// What memberships tells the other services of what its members have.
#pragma once

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "common/db/database.h"
#include "common/events/feed.h"

namespace masthead::memberships {

// `tier_ids` are all that the member, whom `tx` has locked, has from now on.
void AnnounceEntitlements(db::Transaction& tx, events::Feed& feed, absl::string_view member_id,
                          const std::vector<std::string>& tier_ids);

}  // namespace masthead::memberships
