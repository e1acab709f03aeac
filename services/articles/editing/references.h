// What an article refers to must exist.
#pragma once

#include "absl/status/status.h"
#include "common/db/database.h"
#include "services/articles/article/article.h"

namespace masthead::articles {

// INVALID_FIELD, naming every section, tag and contributor of `content` that does not exist.
absl::Status CheckReferences(db::Transaction& tx, const Content& content);

}  // namespace masthead::articles
