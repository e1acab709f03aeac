// Forgetting a member, in Postgres.
#pragma once

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/db/database.h"

namespace masthead::memberships {

// IDs of the member's subscriptions that are live or may become so.
std::vector<std::string> LoadOpenSubscriptions(db::Transaction& tx, absl::string_view member_id);

// Keeps digests of the addresses of the member and of `former_ids`, the names that were merged into it, and removes
// what is personal or led to a person: keys with what they sealed, labels, language, consents, what meters counted,
// payment methods, what buyers wrote, and answers that are kept to be given again. Open grants end. The books, and the
// history of consents as their proof, stay under the member's ID. `tx` has locked the member.
void EraseTraces(db::Transaction& tx, absl::string_view member_id, const std::vector<std::string>& former_ids,
                 absl::Time now);

}  // namespace masthead::memberships
