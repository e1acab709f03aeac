// Edit locks in Postgres: at most one row per article. Whoever writes one has locked the article.
#pragma once

#include <optional>
#include <string>

#include "common/db/database.h"
#include "services/articles/locking/edit_lock.h"

namespace masthead::articles {

// Also one that has expired.
std::optional<EditLock> LoadEditLock(db::Transaction& tx, const std::string& article_id);
void PutEditLock(db::Transaction& tx, const EditLock& lock);
void RemoveEditLock(db::Transaction& tx, const std::string& article_id);

}  // namespace masthead::articles
