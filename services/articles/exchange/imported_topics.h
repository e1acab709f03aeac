// What imported articles refer to: found by slug, or made.
#pragma once

#include <string>

#include "absl/status/status.h"
#include "common/db/database.h"
#include "services/articles/announcing/announcer.h"
#include "services/articles/exchange/item.h"

namespace masthead::articles {

// For items that name none; empty for none.
struct DefaultTopics {
  std::string section_id;
  std::string contributor_id;
};

// Fills bylines, section and tags of `content`. A contributor is known by the ID that its slug makes, a tag by its
// slug, a section by its path. What is missing is made in `tx`, and announced. What a name cannot be made of is a loss.
// SECTION_TREE and its like.
absl::Status ResolveTopics(db::Transaction& tx, Announcer& announcer, const Item& item, const DefaultTopics& defaults,
                           Content& content, Losses& losses);

}  // namespace masthead::articles
