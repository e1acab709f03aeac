#include "services/articles/article/article_lookup.h"

#include <optional>
#include <utility>
#include <vector>

#include "common/base/errors.h"
#include "common/base/status_macros.h"
#include "common/resource/etag.h"
#include "common/resource/name.h"
#include "services/articles/article/article_store.h"
#include "services/articles/errors.h"

namespace masthead::articles {

absl::StatusOr<std::string> ParseArticleId(absl::string_view field, absl::string_view name) {
  std::optional<std::vector<std::string>> ids = resource::ParseName(name, "articles/*");
  if (ids.has_value()) return ids->front();
  FieldViolations violations;
  violations.Add(field, "is no name articles/{article}");
  return violations.ToStatus();
}

absl::StatusOr<Article> FindArticle(db::Transaction& tx, const std::string& id) {
  std::optional<Article> article = LoadArticle(tx, id);
  if (!article.has_value()) return ArticleNotFound(ArticleName(id));
  return *std::move(article);
}

namespace {

absl::StatusOr<Article> ForChange(std::optional<Article> article, const std::string& id, absl::string_view etag,
                                  idempotency::Change& change) {
  if (!article.has_value()) return ArticleNotFound(ArticleName(id));
  RETURN_IF_ERROR(resource::CheckEtag(etag, article->version, ArticleName(id)));
  change.resource = ArticleName(id);
  change.revision_before = article->version;
  change.revision_after = article->version;
  return *std::move(article);
}

}  // namespace

absl::StatusOr<Article> FindArticleForChange(db::Transaction& tx, const std::string& id, absl::string_view etag,
                                             idempotency::Change& change) {
  return ForChange(LockArticle(tx, id), id, etag, change);
}

absl::StatusOr<Article> FindDeletedArticleForChange(db::Transaction& tx, const std::string& id, absl::string_view etag,
                                                    idempotency::Change& change) {
  return ForChange(LockDeletedArticle(tx, id), id, etag, change);
}

}  // namespace masthead::articles
