// What readers have, from Postgres.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/time/time.h"
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

enum class Bodies { kAll, kWhereDekIsEmpty };

// What stands where a retracted article was: its notice, headline and surroundings, and no text of it. nullopt if it is
// not retracted.
std::optional<LiveArticle> LoadRetracted(db::Transaction& tx, const std::string& id);

// Those of the articles that are public, in the order of `ids`.
std::vector<LiveArticle> LoadLiveArticles(db::Transaction& tx, const std::vector<std::string>& ids, Bodies bodies);

struct PublishedFilter {
  std::string section_id;  // Empty: any. At most one of section and tag uses an index for its order; the other filters.
  std::string tag_id;      // Empty: any.
  std::string language_code;  // Empty: any.
};

struct PublishedPosition {
  absl::Time publish_time;
  std::string id;
};

// The latest first publication first.
std::vector<PublishedPosition> LoadPublishedPage(db::Transaction& tx, const PublishedFilter& filter,
                                                 const std::optional<PublishedPosition>& after, int limit);

}  // namespace masthead::articles
