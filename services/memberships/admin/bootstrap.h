// The first API key of a new installation: nobody can ask for it over gRPC, because nobody has a key yet.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "common/db/database.h"

namespace masthead::memberships {

// Straight into the database; whoever can do this owns the database anyway. Returns the key's text, to be shown once.
absl::StatusOr<std::string> CreateFirstApiKey(db::Database& database, const std::string& display_name,
                                              const std::vector<std::string>& scopes);

}  // namespace masthead::memberships
