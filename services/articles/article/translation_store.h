// Sets of translations, in Postgres. Deleted articles are in none for anybody else.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/types/span.h"
#include "common/db/database.h"
#include "services/articles/article/article.h"

namespace masthead::articles {

// Adds to articles that belong to a set what else is in it.
void LoadTranslations(db::Transaction& tx, absl::Span<Article> articles);

// What readers have of those sets, by set; in the order of languages.
std::map<std::string, std::vector<PublicTranslation>> LoadPublicTranslations(db::Transaction& tx,
                                                                             const std::vector<std::string>& set_ids);

// Adds the article to the set, as a translation of `source_id`, or of nothing if there is no such article; once it is
// in the set this changes what it is a translation of. A deleted article of its language has to leave. The ID of the
// article that holds the language, if it could not be added.
std::optional<std::string> JoinTranslationSet(db::Transaction& tx, const Article& article, const std::string& set_id,
                                              const std::string& source_id);

// Those of the article's set among `translation_ids` are translations of it from now on.
void SetTranslatedInto(db::Transaction& tx, const Article& article, const std::vector<std::string>& translation_ids);

// What was translated from it becomes a translation of nothing.
void LeaveTranslationSet(db::Transaction& tx, const std::string& article_id);

}  // namespace masthead::articles
