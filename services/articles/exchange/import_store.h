// Imports in Postgres: the file on its way in, and what came of former ones.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "common/db/database.h"
#include "common/filter/order.h"
#include "services/articles/exchange/record.h"

namespace masthead::articles {

// Keeps records for a while; those of imports that were given up long ago go. `first_seq` is that of the first.
void InsertRecords(db::Transaction& tx, const std::string& import_id, int64_t first_seq,
                   const std::vector<Record>& records);

struct StoredRecord {
  int64_t seq = 0;
  std::string json;
};

// The next item after `seq`; nullopt after the last.
std::optional<StoredRecord> LoadItem(db::Transaction& tx, const std::string& import_id, int64_t seq);

// In the order of the file.
std::vector<std::string> LoadRecords(db::Transaction& tx, const std::string& import_id, const std::string& table,
                                     const std::string& key);

void RemoveRecords(db::Transaction& tx, const std::string& import_id);

struct FormerImport {
  std::string digest;
  int64_t revision = 0;
};

std::optional<FormerImport> LoadFormerImport(db::Transaction& tx, const std::string& article_id);
void SaveImport(db::Transaction& tx, const std::string& article_id, const std::string& digest, int64_t revision);

// The article was made then, by those from whom it came; its etag becomes that of `version`.
void KeepOrigin(db::Transaction& tx, const std::string& article_id, int64_t version, absl::Time create_time,
                absl::Time update_time);
// The same, of the time alone.
void KeepCreateTime(db::Transaction& tx, const std::string& article_id, absl::Time create_time);

// Where the article was on a site, and that it has links to that site.
void SaveFormerPaths(db::Transaction& tx, const std::string& site, const std::string& article_id,
                     const std::vector<std::string>& paths);
void NoteLinks(db::Transaction& tx, const std::string& site, const std::string& article_id);

// An article whose links to the site are to be looked at, after `after`; empty after the last.
std::string LoadLinking(db::Transaction& tx, const std::string& site, const std::string& after);
void ForgetLinks(db::Transaction& tx, const std::string& site, const std::string& article_id);

// Where on the new site what was at those paths is: `/en/storm`.
std::map<std::string, std::string> LoadNewPaths(db::Transaction& tx, const std::string& site,
                                                const std::set<std::string>& paths);

// Slugs of the article that redirect to it.
std::vector<std::string> LoadFormerSlugs(db::Transaction& tx, const std::string& article_id);

// Tags that were merged into others, which lists of tags leave out.
std::vector<std::string> LoadMergedTagIds(db::Transaction& tx);

// Where a list of articles by time of creation is at that article; nullopt if there is none.
std::optional<filter::Position> LoadPosition(db::Transaction& tx, const std::string& article_id);

}  // namespace masthead::articles
