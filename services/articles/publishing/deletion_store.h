// What remains of an article that is removed for good, and what does not.
#pragma once

#include <string>
#include <vector>

#include "common/db/database.h"
#include "services/articles/article/article.h"

namespace masthead::articles {

// Removes everything that was written: revisions, corrections, the reservation of slugs. What stays is a tombstone: the
// ID, which is never given again, and the addresses where readers once found it, so that they can be told it is gone.
void PurgeArticle(db::Transaction& tx, const Article& article);

// Deleted articles whose time to be purged has come, at most `limit`, locked.
std::vector<Article> LockPurgeable(db::Transaction& tx, int limit);

}  // namespace masthead::articles
