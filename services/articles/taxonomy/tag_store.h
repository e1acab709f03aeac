// Tags in Postgres.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "common/db/database.h"
#include "services/articles/taxonomy/tag.h"
#include "services/articles/taxonomy/topic.h"

namespace masthead::articles {

// The times come back in `tag`.
TopicWrite InsertTag(db::Transaction& tx, Tag& tag);
std::optional<Tag> LoadTag(db::Transaction& tx, const std::string& id);
std::optional<Tag> LockTag(db::Transaction& tx, const std::string& id);
// Counts the write; version and time come back in `tag`, which `tx` has locked.
TopicWrite SaveTag(db::Transaction& tx, Tag& tag);
void RemoveTag(db::Transaction& tx, const std::string& id);
// At most `limit`, in the order of IDs, those after `after`; merged ones are left out.
std::vector<Tag> LoadTags(db::Transaction& tx, const std::string& after, int limit);
// Those of `ids` that exist, merged ones included.
std::vector<Tag> LoadTags(db::Transaction& tx, const std::vector<std::string>& ids);
// As LoadTags, and none of them can be merged or deleted until `tx` ends.
std::vector<Tag> HoldTags(db::Transaction& tx, const std::vector<std::string>& ids);
// As LoadTags, in the order of IDs, locked.
std::vector<Tag> LockTags(db::Transaction& tx, const std::vector<std::string>& ids);

// Whether others were merged into it.
bool IsMergeTarget(db::Transaction& tx, const std::string& id);

// Puts the locked tag `target` in the place of `source`, also where others were merged into `source`, and in the lists
// of articles by tag.
void MergeTag(db::Transaction& tx, Tag& source, const std::string& target_id);

}  // namespace masthead::articles
