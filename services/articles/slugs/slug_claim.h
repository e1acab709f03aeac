// Which slug an article gets when it is saved.
#pragma once

#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "common/db/database.h"
#include "services/articles/article/article.h"

namespace masthead::articles {

// Settles `content.slug` for `article` and reserves it. What the caller chose must be free (SLUG_TAKEN; `reclaim` takes
// a redirect); what the server makes from the headline gets the next free suffix. A made slug follows the headline
// until the first publication, then never. Frees what the article no longer needs.
absl::Status ClaimSlug(db::Transaction& tx, const Article& article, Content& content, bool reclaim);

// The slug that an article of that headline would have if nobody else had it.
std::string MakeArticleSlug(absl::string_view headline);

// `slug`, or the next suffix of it that is free to `article` in its language. Reserves nothing.
std::string FirstFreeSlug(db::Transaction& tx, const Article& article, const std::string& slug);

// Reserves the slug of a working copy that has lost its reservation; if it was taken meanwhile, the next free suffix,
// which is then put into `article.content`. Whether it was.
bool ReclaimSlug(db::Transaction& tx, Article& article);

}  // namespace masthead::articles
