// What members said, in Postgres.
#pragma once

#include <optional>
#include <vector>

#include "absl/strings/string_view.h"
#include "common/db/database.h"
#include "services/memberships/members/consent.h"

namespace masthead::memberships {

std::optional<Consent> LoadConsent(db::Transaction& tx, absl::string_view member_id, absl::string_view topic_id);

// By topic.
std::vector<Consent> LoadConsents(db::Transaction& tx, absl::string_view member_id);

// Makes `consent` the latest word and adds it to the history, with who recorded it. `tx` has locked the member.
void SaveConsent(db::Transaction& tx, const Consent& consent, absl::string_view principal);

}  // namespace masthead::memberships
