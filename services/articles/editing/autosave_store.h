// What autosave.h asks of Postgres.
#pragma once

#include "common/db/database.h"
#include "services/articles/article/article.h"
#include "services/articles/editing/autosave.h"

namespace masthead::articles {

// Of the article's revision `article.revision`, which is there.
Tip LoadTip(db::Transaction& tx, const Article& article);

}  // namespace masthead::articles
