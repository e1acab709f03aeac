// Grants start and end by time alone; somebody has to say so. Access does not wait for this: it compares with the clock
// when it is asked.
#pragma once

#include "absl/status/statusor.h"
#include "common/base/scope.h"
#include "common/db/database.h"
#include "common/events/feed.h"

namespace masthead::memberships {

// Announces `entitlements.changed` for some members whose grants started or ended since it was last announced. Returns
// how many members it looked at; 0: nothing is due. Replicas share the work.
absl::StatusOr<int> AnnounceDueChanges(db::Database& database, events::Feed& feed, const Scope& scope);

}  // namespace masthead::memberships
