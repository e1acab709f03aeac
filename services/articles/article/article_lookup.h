// From an article's name in a request to the article.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/db/database.h"
#include "common/idempotency/mutation.h"
#include "services/articles/article/article.h"

namespace masthead::articles {

// INVALID_FIELD unless `name`, in the request's `field`, is `articles/{article}`.
absl::StatusOr<std::string> ParseArticleId(absl::string_view field, absl::string_view name);

// ARTICLE_NOT_FOUND.
absl::StatusOr<Article> FindArticle(db::Transaction& tx, const std::string& id);

// The article to be changed, locked; notes it in `change`. ARTICLE_NOT_FOUND, ETAG_REQUIRED, ETAG_MISMATCH.
absl::StatusOr<Article> FindArticleForChange(db::Transaction& tx, const std::string& id, absl::string_view etag,
                                             idempotency::Change& change);

// The same of an article that was deleted and can still be undeleted.
absl::StatusOr<Article> FindDeletedArticleForChange(db::Transaction& tx, const std::string& id, absl::string_view etag,
                                                    idempotency::Change& change);

}  // namespace masthead::articles
