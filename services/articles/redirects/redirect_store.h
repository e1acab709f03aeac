// The newsroom's redirects in Postgres.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "common/db/database.h"
#include "services/articles/redirects/redirect.h"

namespace masthead::articles {

// Nobody else writes redirects until `tx` ends; readers go on.
void LockRedirects(db::Transaction& tx);

// False if the path is taken. The time comes back in `redirect`.
bool InsertRedirect(db::Transaction& tx, PathRedirect& redirect);
// Those that led to the path of `redirect` lead where it does.
void ShortenRedirectsTo(db::Transaction& tx, const PathRedirect& redirect);
std::optional<PathRedirect> LoadRedirect(db::Transaction& tx, const std::string& id);
std::optional<PathRedirect> LoadRedirectFrom(db::Transaction& tx, const std::string& from_path);
void RemoveRedirect(db::Transaction& tx, const std::string& id);
// At most `limit`, in the order of IDs, those after `after`.
std::vector<PathRedirect> LoadRedirects(db::Transaction& tx, const std::string& after, int limit);

}  // namespace masthead::articles
