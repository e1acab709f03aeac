// Curated lists and their revisions, in Postgres.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "common/db/database.h"
#include "services/articles/curation/curated_list.h"

namespace masthead::articles {

// False if the ID is in use. Sets the times.
bool InsertCuratedList(db::Transaction& tx, CuratedList& list);

std::optional<CuratedList> LoadCuratedList(db::Transaction& tx, const std::string& id);
std::optional<CuratedList> LockCuratedList(db::Transaction& tx, const std::string& id);

// In the order of IDs, after `after`.
std::vector<CuratedList> LoadCuratedLists(db::Transaction& tx, const std::string& after, int limit);

// Those of `ids` that exist, in that order; with the slots that will hold at `as_of`, if it is set.
std::vector<CuratedList> LoadCuratedLists(db::Transaction& tx, const std::vector<std::string>& ids,
                                          std::optional<absl::Time> as_of);

// What the list is, but for slots; `list` is locked. Sets version and update_time.
void SaveCuratedList(db::Transaction& tx, CuratedList& list);

void RemoveCuratedList(db::Transaction& tx, const std::string& id);

// Makes a revision of `slots`, of a locked list, that holds from `effective_time` on; nullopt: from now, whatever was
// written before. Counts as a write of the list.
ListRevision InsertListRevision(db::Transaction& tx, CuratedList& list, const std::vector<Slot>& slots,
                                const std::string& editor, std::optional<absl::Time> effective_time);

std::optional<ListRevision> LoadListRevision(db::Transaction& tx, const std::string& list_id, int64_t number);

// A revision that has not taken effect, of a locked list. Counts as a write of the list.
void RemoveListRevision(db::Transaction& tx, CuratedList& list, int64_t number);

// How many revisions wait to take effect.
int CountScheduledRevisions(db::Transaction& tx, const std::string& list_id);

struct RevisionPosition {
  absl::Time effective_time;
  int64_t number = 0;
};

// The latest effective_time first.
std::vector<ListRevision> LoadListRevisions(db::Transaction& tx, const std::string& list_id,
                                            const std::optional<RevisionPosition>& after, int limit);

// Forgets of the revisions that have taken effect all but the latest `kept`.
void ForgetListRevisions(db::Transaction& tx, const std::string& list_id, int kept);

// Those of `ids` that no article has, or only a deleted one.
std::vector<std::string> FindMissingArticles(db::Transaction& tx, const std::vector<std::string>& ids);

}  // namespace masthead::articles
