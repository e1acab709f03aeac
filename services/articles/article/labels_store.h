// What is said about an article as a whole, apart from its revisions: labels, alternative IDs, the lawyers' hold.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "common/db/database.h"
#include "services/articles/article/article.h"

namespace masthead::articles {

struct AltIdHolder {
  std::string scheme;
  std::string value;
  std::string article_id;
};

// Stores all of them for an article that `tx` has locked. If another article has one of the alternative IDs, the first
// of those, and nothing is stored. Waits for a transaction that is about to store the same.
std::optional<AltIdHolder> SaveLabels(db::Transaction& tx, const Article& article);

// Takes all of them from an article that is purged.
void RemoveLabels(db::Transaction& tx, const std::string& article_id);

// The article that is called so elsewhere, deleted ones too; nullopt if none is.
std::optional<std::string> FindByAltId(db::Transaction& tx, const std::string& scheme, const std::string& value);

// As the column articles.labels or alt_ids holds them.
std::map<std::string, std::string> LabelsFromJson(const std::string& json);

}  // namespace masthead::articles
