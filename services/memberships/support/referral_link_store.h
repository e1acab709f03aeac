// Referral links in Postgres.
#pragma once

#include <optional>
#include <vector>

#include "absl/strings/string_view.h"
#include "common/db/database.h"
#include "services/memberships/support/referral_link.h"

namespace masthead::memberships {

// False if the code is taken.
bool InsertReferralLink(db::Transaction& tx, const ReferralLink& link);

int CountReferralLinks(db::Transaction& tx, absl::string_view member_id);

// With who came by it.
std::optional<ReferralLink> LoadReferralLink(db::Transaction& tx, absl::string_view code);

// By code, with who came by them; all members' and the newsroom's if `member_id` is empty.
std::vector<ReferralLink> LoadReferralLinks(db::Transaction& tx, absl::string_view member_id, absl::string_view after,
                                            int limit);

}  // namespace masthead::memberships
