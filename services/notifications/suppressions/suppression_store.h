// Suppressions in Postgres. Those that have run out are as if they were not there. Whoever writes here, the endpoints'
// marks follow.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "common/db/database.h"
#include "services/notifications/suppressions/suppression.h"

namespace masthead::notifications {

// Makes it, or gives the one that is there reason, scope and end. Sets time and revision.
void SaveSuppression(db::Transaction& tx, Suppression& suppression);

// Those of the hashes that are suppressed.
std::vector<Suppression> LoadSuppressions(db::Transaction& tx, const std::vector<std::string>& address_hashes);

// The newest first, before the one of (`before_time`, `before_hash`) if that is set; of all reasons if `reason` is
// empty.
std::vector<Suppression> LoadSuppressions(db::Transaction& tx, std::optional<absl::Time> before_time,
                                          absl::string_view before_hash, absl::string_view reason, int limit);

// The revision of what was removed; nullopt if there was nothing.
std::optional<int64_t> RemoveSuppression(db::Transaction& tx, absl::string_view address_hash);

// Ends an ERASED suppression: its owner is back.
void RemoveErasure(db::Transaction& tx, absl::string_view address_hash);

// Removes those that have run out, at most `limit`. Returns how many.
int64_t RemoveExpiredSuppressions(db::Transaction& tx, int limit);

}  // namespace masthead::notifications
