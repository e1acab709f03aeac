// Which facts of providers had their effect, in Postgres.
#pragma once

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/db/database.h"

namespace masthead::memberships {

// False if the fact about the object was recorded before; waits for whoever is just recording it.
bool RecordFact(db::Transaction& tx, absl::string_view provider, absl::string_view object_ref, absl::string_view fact,
                absl::Time now);

// Who pays by the method, by ID.
std::vector<std::string> LoadPayersBy(db::Transaction& tx, absl::string_view provider,
                                      absl::string_view payment_method);

}  // namespace masthead::memberships
