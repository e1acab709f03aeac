// Round numbers of members, told once each.
#pragma once

#include "absl/status/status.h"
#include "common/base/scope.h"
#include "common/db/database.h"
#include "services/memberships/events/announcer.h"

namespace masthead::memberships {

// Announces `milestone.reached` for each milestone that the counter has reached and nobody has told.
absl::Status AnnounceMilestones(db::Database& database, Announcer& announcer, const Scope& scope);

}  // namespace masthead::memberships
