// Round numbers of members, told once each.
#pragma once

#include "absl/status/status.h"
#include "common/base/scope.h"
#include "common/db/database.h"
#include "common/events/feed.h"

namespace masthead::memberships {

// Announces `milestone.reached` for each milestone that the counter has reached and nobody has told.
absl::Status AnnounceMilestones(db::Database& database, events::Feed& feed, const Scope& scope);

}  // namespace masthead::memberships
