// The audience in Postgres. What is personal is sealed.
#pragma once

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "common/db/database.h"
#include "services/memberships/members/audience.h"

namespace masthead::memberships {

// Active members with an ID after `after`, in the order of their IDs.
std::vector<AudienceEntry> LoadAudience(db::Transaction& tx, absl::string_view after, int limit);

// The active ones among `member_ids`, in the order of their IDs.
std::vector<AudienceEntry> LoadAudienceOf(db::Transaction& tx, const std::vector<std::string>& member_ids);

}  // namespace masthead::memberships
