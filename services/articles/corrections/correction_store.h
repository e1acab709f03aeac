// Corrections in Postgres. Nothing is ever removed but with an article that is purged.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "common/db/database.h"
#include "services/articles/corrections/correction.h"

namespace masthead::articles {

// With its first version, written by `editor`.
void InsertCorrection(db::Transaction& tx, const Correction& correction, const std::string& editor);

// Stores what it says now as one version more. The article is locked by `tx`.
void SaveCorrection(db::Transaction& tx, const Correction& correction, const std::string& editor);

enum class Shown { kAll, kToReaders };  // To readers: of articles that they have.

std::optional<Correction> LoadCorrection(db::Transaction& tx, const std::string& article_id, const std::string& id,
                                         Shown shown);

// What it said before, the oldest first.
std::vector<CorrectionVersion> LoadFormerVersions(db::Transaction& tx, const Correction& correction);

// Where a page starts: after this correction.
struct CorrectionPosition {
  absl::Time create_time;
  std::string id;
};

// The latest made first; of all articles if `article_id` is empty.
std::vector<Correction> LoadCorrections(db::Transaction& tx, const std::string& article_id, Shown shown,
                                        const std::optional<CorrectionPosition>& after, int limit);

// What readers of the articles are shown with them, by article: those that stand, the earliest made first.
std::map<std::string, std::vector<Correction>> LoadPublicCorrections(db::Transaction& tx,
                                                                     const std::vector<std::string>& article_ids);

}  // namespace masthead::articles
