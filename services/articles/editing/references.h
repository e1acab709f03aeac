// What an article refers to must exist, and cannot vanish while it is saved.
#pragma once

#include "absl/status/status.h"
#include "common/db/database.h"
#include "services/articles/article/article.h"

namespace masthead::articles {

// INVALID_FIELD, naming every section, tag, place and contributor of `content` that does not exist. None of them can be
// deleted until `tx` ends. A tag that was merged becomes the one that took its place.
absl::Status ResolveReferences(db::Transaction& tx, Content& content);

}  // namespace masthead::articles
