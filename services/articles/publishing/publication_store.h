// What readers have now, kept in the order they list it.
#pragma once

#include "common/db/database.h"
#include "services/articles/article/article.h"

namespace masthead::articles {

// Shows the published revision, which `article.content` is, to readers.
void PutPublished(db::Transaction& tx, const Article& article);

void RemovePublished(db::Transaction& tx, const Article& article);

}  // namespace masthead::articles
