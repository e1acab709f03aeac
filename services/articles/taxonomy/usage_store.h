// Whether articles name what is about to be deleted: in their latest, their published or their scheduled revision.
// Looks at every article that has such a revision; deleting is rare.
#pragma once

#include <string>

#include "common/db/database.h"

namespace masthead::articles {

bool IsContributorUsed(db::Transaction& tx, const std::string& id);
bool IsSectionUsed(db::Transaction& tx, const std::string& id);
bool IsTagUsed(db::Transaction& tx, const std::string& id);
bool IsPlaceUsed(db::Transaction& tx, const std::string& id);

}  // namespace masthead::articles
