// What an article refers to must exist, and what it is filed under cannot vanish while it is saved.
#pragma once

#include "absl/status/status.h"
#include "common/db/database.h"
#include "services/articles/article/article.h"

namespace masthead::articles {

// INVALID_FIELD, naming every section, tag, place and contributor of `content` that does not exist. None of them can be
// deleted until `tx` ends. A tag that was merged becomes the one that took its place. Also, unless `refers_ahead`,
// every article and live coverage in the body's blocks that does not exist, but for those that `before` named: an
// article can be deleted while others lead to it, and they can still be saved.
absl::Status ResolveReferences(db::Transaction& tx, const Content& before, Content& content, bool refers_ahead);

}  // namespace masthead::articles
