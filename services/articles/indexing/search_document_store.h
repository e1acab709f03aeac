// What published articles are found by, in Postgres.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "common/db/database.h"

namespace masthead::articles {

// The names under which tags and contributors are shown.
std::vector<std::string> LoadShownNames(db::Transaction& tx, const std::vector<std::string>& tag_ids,
                                        const std::vector<std::string>& contributor_ids);

// Writes what the article is found by, if `revision` is what readers have.
void PutSearchDocument(db::Transaction& tx, const std::string& article_id, int64_t revision, int analysis,
                       const std::string& document);

struct Unindexed {
  std::string article_id;
  int64_t revision = 0;
  std::string language_code;
};

// At most `limit` published articles after `after`, by ID, that are not found by their published revision, or by an
// analysis before `analysis`.
std::vector<Unindexed> LoadUnindexed(db::Transaction& tx, const std::string& after, int analysis, int limit);

}  // namespace masthead::articles
