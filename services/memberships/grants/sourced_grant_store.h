// Grants that have a source, in Postgres: one open grant for each member and source.
#pragma once

#include <optional>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/db/database.h"
#include "services/memberships/grants/grant_source.h"

namespace masthead::memberships {

// Moves the end of what the source gives; false if it gives nothing, or another tier.
bool MoveSourcedGrant(db::Transaction& tx, absl::string_view member_id, const GrantSource& source,
                      absl::string_view tier_id, std::optional<absl::Time> end_time);

void InsertSourcedGrant(db::Transaction& tx, absl::string_view member_id, const GrantSource& source,
                        absl::string_view tier_id, absl::Time start_time, std::optional<absl::Time> end_time);

void RevokeSourcedGrant(db::Transaction& tx, absl::string_view member_id, const GrantSource& source, absl::Time now);

}  // namespace masthead::memberships
