// Where the blocks of a body lead to nothing.
#pragma once

#include <vector>

#include "common/db/database.h"
#include "services/articles/article/block.h"
#include "services/articles/publishing/publishing.h"

namespace masthead::articles {

// Every related article that there is not, or that was deleted, and every live coverage that there is not. Asks nothing
// of a body that leads nowhere.
DeadEnds FindDeadEnds(db::Transaction& tx, const std::vector<Block>& body);

}  // namespace masthead::articles
