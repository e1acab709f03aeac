// Contributors in Postgres.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "common/db/database.h"
#include "services/articles/taxonomy/contributor.h"

namespace masthead::articles {

// False if the ID is taken. The times come back in `contributor`.
bool InsertContributor(db::Transaction& tx, Contributor& contributor);
std::optional<Contributor> LoadContributor(db::Transaction& tx, const std::string& id);
std::optional<Contributor> LockContributor(db::Transaction& tx, const std::string& id);
// Counts the write; version and time come back in `contributor`, which `tx` has locked.
void SaveContributor(db::Transaction& tx, Contributor& contributor);
void RemoveContributor(db::Transaction& tx, const std::string& id);
// At most `limit`, in the order of IDs, those after `after`.
std::vector<Contributor> LoadContributors(db::Transaction& tx, const std::string& after, int limit);
// Those of `ids` that exist.
std::vector<Contributor> LoadContributors(db::Transaction& tx, const std::vector<std::string>& ids);
// As LoadContributors, and none of them can be deleted until `tx` ends.
std::vector<Contributor> HoldContributors(db::Transaction& tx, const std::vector<std::string>& ids);

}  // namespace masthead::articles
