// What readers have, from Postgres.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "common/db/database.h"
#include "services/articles/reading/live_article.h"

namespace masthead::articles {

// Who is found by a slug.
struct PathHolder {
  std::string article_id;
  std::string published_slug;  // Another one: the path redirects.
};

// nullopt if nothing public is, or was, there.
std::optional<PathHolder> LoadPathHolder(db::Transaction& tx, const std::string& language_code,
                                         const std::string& slug);

// Whether what readers found there was deleted.
bool IsGone(db::Transaction& tx, const std::string& language_code, const std::string& slug);

enum class Bodies { kAll, kWhereDekIsEmpty };

// What stands where retracted articles were: their notices, headlines and surroundings, and no text of them. Of those
// of the articles that are retracted, in no order.
std::vector<LiveArticle> LoadRetracted(db::Transaction& tx, const std::vector<std::string>& ids);

// Those of the articles that are public, in the order of `ids`.
std::vector<LiveArticle> LoadLiveArticles(db::Transaction& tx, const std::vector<std::string>& ids, Bodies bodies);

// A revision of an article whether or not it is public, as it would be; 0 is the working copy. nullopt if there is
// none.
std::optional<LiveArticle> LoadPreview(db::Transaction& tx, const std::string& id, int64_t revision);

// Those of the articles that are public.
std::set<std::string> LoadPublic(db::Transaction& tx, const std::vector<std::string>& ids);

// Takes out of the bodies the names of articles that are not public: readers are not told of them.
void HideUnpublished(db::Transaction& tx, const std::vector<std::vector<Block>*>& bodies);

// IDs of public articles that have to do with a public one, the closest first; nullopt if that is not public.
std::optional<std::vector<std::string>> LoadRelated(db::Transaction& tx, const std::string& id, int limit);

}  // namespace masthead::articles
