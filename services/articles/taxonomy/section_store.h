// Sections in Postgres.
//
// A section's path follows from the tree and is stored nowhere; what it was before is kept as a redirect. Whoever
// changes the tree locks it first: LockTree.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "common/db/database.h"
#include "services/articles/taxonomy/section.h"
#include "services/articles/taxonomy/topic.h"

namespace masthead::articles {

// Nobody else changes a section until `tx` ends; readers and publications go on. The tree as it stands.
SectionTree LockTree(db::Transaction& tx);

// The times and the path come back in `section`. The tree is locked.
TopicWrite InsertSection(db::Transaction& tx, Section& section);
std::optional<Section> LoadSection(db::Transaction& tx, const std::string& id);
std::optional<Section> LockSection(db::Transaction& tx, const std::string& id);
// Counts the write; version, time and path come back in `section`. The tree is locked.
TopicWrite SaveSection(db::Transaction& tx, Section& section);
// Counts a write of sections whose path changed with one above them, and gives them as they are now.
std::vector<Section> TouchSections(db::Transaction& tx, const std::vector<std::string>& ids);
// Where the paths of `sections`, as they were, lead nowhere now, they redirect; where others redirected to what is a
// path now, they end.
void RedirectFormerPaths(db::Transaction& tx, const std::vector<Section>& sections);
void RemoveSection(db::Transaction& tx, const std::string& id);
// At most `limit`, in the order of IDs, those after `after`.
std::vector<Section> LoadSections(db::Transaction& tx, const std::string& after, int limit);
// Those of `ids` that exist.
std::vector<Section> LoadSections(db::Transaction& tx, const std::vector<std::string>& ids);
// As LoadSections, and none of them can be deleted until `tx` ends.
std::vector<Section> HoldSections(db::Transaction& tx, const std::vector<std::string>& ids);

// The section at a path: its own, or one that redirects to it.
std::optional<Section> LoadSectionAt(db::Transaction& tx, const std::string& path);

}  // namespace masthead::articles
