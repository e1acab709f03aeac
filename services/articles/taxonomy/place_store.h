// Places in Postgres.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "common/db/database.h"
#include "services/articles/taxonomy/place.h"

namespace masthead::articles {

// False if the ID is taken. The times come back in `place`.
bool InsertPlace(db::Transaction& tx, Place& place);
std::optional<Place> LoadPlace(db::Transaction& tx, const std::string& id);
std::optional<Place> LockPlace(db::Transaction& tx, const std::string& id);
// Counts the write; version and time come back in `place`, which `tx` has locked.
void SavePlace(db::Transaction& tx, Place& place);
void RemovePlace(db::Transaction& tx, const std::string& id);
// At most `limit`, in the order of IDs, those after `after`.
std::vector<Place> LoadPlaces(db::Transaction& tx, const std::string& after, int limit);
// Those of `ids` that exist.
std::vector<Place> LoadPlaces(db::Transaction& tx, const std::vector<std::string>& ids);
// As LoadPlaces, and none of them can be deleted until `tx` ends.
std::vector<Place> HoldPlaces(db::Transaction& tx, const std::vector<std::string>& ids);

}  // namespace masthead::articles
