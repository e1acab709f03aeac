// Institutions in Postgres.
#pragma once

#include <optional>
#include <vector>

#include "absl/strings/string_view.h"
#include "common/db/database.h"
#include "services/memberships/institutions/institution.h"

namespace masthead::memberships {

// False if the ID is taken.
bool InsertInstitution(db::Transaction& tx, const Institution& institution);

std::optional<Institution> LoadInstitution(db::Transaction& tx, absl::string_view id);

// As LoadInstitution, and nobody else can write the institution until `tx` ends.
std::optional<Institution> LockInstitution(db::Transaction& tx, absl::string_view id);

// Stores all of `institution`, which `tx` has locked, and raises its revision.
void SaveInstitution(db::Transaction& tx, Institution& institution);

void RemoveInstitution(db::Transaction& tx, absl::string_view id);

// By ID, after `after`.
std::vector<Institution> LoadInstitutions(db::Transaction& tx, absl::string_view after, int limit);

}  // namespace masthead::memberships
